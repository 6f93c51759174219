import type { V1PodSecurityContext, V1SecurityContext } from '@kubernetes/client-node';

/** The user `nonroot` of distroless images. */
const NON_ROOT_ID = 65532;

/** The volume belongs to the group, so that a container that is not root can write to it. */
export const podSecurityContext: V1PodSecurityContext = {
  fsGroup: NON_ROOT_ID,
  // A chain's volume has millions of files: changing all of them at each start takes minutes.
  fsGroupChangePolicy: 'OnRootMismatch',
};

/** For seid, whose image expects to write outside its home. */
export const restricted = {
  runAsNonRoot: true,
  runAsUser: NON_ROOT_ID,
  runAsGroup: NON_ROOT_ID,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
} satisfies V1SecurityContext;

export const restrictedReadOnly = {
  ...restricted,
  readOnlyRootFilesystem: true,
} satisfies V1SecurityContext;
