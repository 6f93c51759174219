import type { V1PodSecurityContext, V1SecurityContext } from '@kubernetes/client-node';

/** The user `nonroot` of distroless images: of seid, and of the sidecar, which signals it. */
const NON_ROOT_ID = 65532;

/**
 * The users of kube-rbac-proxy and the exporter. The containers share a PID namespace, in which a process
 * of the same user can read the mounts and the environment of another. So containers that neither signal
 * seid nor write to its volume run as other users.
 */
const RBAC_PROXY_USER = 65530;
const EXPORTER_USER = 65531;

/** Gives the volume to the group, so that a container that is not root can write to it. */
export const podSecurityContext: V1PodSecurityContext = {
  fsGroup: NON_ROOT_ID,
  // A chain's volume has millions of files: changing all of them at each start takes minutes.
  fsGroupChangePolicy: 'OnRootMismatch',
};

/** The context of seid, whose image expects to write outside its home. */
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

/** The context of kube-rbac-proxy, which nothing that a SeiNode chooses may stop or read. */
export const rbacProxySecurityContext = {
  ...restrictedReadOnly,
  runAsUser: RBAC_PROXY_USER,
} satisfies V1SecurityContext;

export const exporterSecurityContext = {
  ...restrictedReadOnly,
  runAsUser: EXPORTER_USER,
} satisfies V1SecurityContext;
