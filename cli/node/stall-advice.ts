import { dataVolumeClaimName } from '../../domain/node/data-volume.ts';
import { NODE_LABEL } from '../../domain/node/sei-node.ts';
import type { SURPLUS_POD } from '../../domain/pod/pod-replacement.ts';
import { RBAC_PROXY_CONTAINER, SIDECAR_CONTAINER } from '../../domain/pod/pod-view.ts';
import type { Advice } from './advice.ts';
import { aboutPod, allOf, kubectl, orRollback } from './advice.ts';
import { POD_ADVICE } from './pod-advice.ts';
import { stuckFor } from './waiting-container.ts';

/** The reasons of a stall beside a trouble of the pod and a failure. */
type Hindrance =
  | typeof SURPLUS_POD
  | 'ApiServerError'
  | 'DataVolumeTerminating'
  | 'ForeignPod'
  | 'IdentityInUse'
  | 'ProgressDeadlineExceeded'
  | 'SidecarFailing'
  | 'SidecarUnauthorized'
  | 'SidecarUnreachable'
  | 'WaitingForDeletion';

const askSidecar = aboutPod(
  'see what the sidecar says; it goes on by itself',
  (pod) => `logs ${pod} -c ${SIDECAR_CONTAINER}`,
);

/** Advice for each of them. */
export const STALL_ADVICE = {
  IdentityInUse: kubectl(
    'see what the node that it names has left, and delete it or set its spec.paused; this one comes up by itself',
    () => 'get snode,lease,statefulset,pod',
  ),
  SurplusPod: kubectl(
    'see which other pod its StatefulSet has, and delete that; it goes on by itself',
    ({ node }) => `get pod -l ${NODE_LABEL}=${node.metadata.name}`,
  ),
  ApiServerError: kubectl(
    'see to the webhook that it names; it goes on by itself',
    () => 'get validatingwebhookconfiguration,mutatingwebhookconfiguration',
  ),
  WaitingForDeletion: kubectl(
    'see what holds the object that it names; it goes on by itself',
    () => 'get statefulset,pod,persistentvolumeclaim -o yaml',
  ),
  SidecarUnauthorized: aboutPod(
    "see why the pod's proxy refuses the worker's token",
    (pod) => `logs ${pod} -c ${RBAC_PROXY_CONTAINER}`,
  ),
  SidecarUnreachable: askSidecar,
  SidecarFailing: askSidecar,
  ForeignPod: kubectl(
    'see who made the pod that it names, and delete it there or take its label off',
    ({ node }) => `get pod -l ${NODE_LABEL}=${node.metadata.name} -o yaml`,
  ),
  DataVolumeTerminating: kubectl(
    'keep its volume, as docs/stuck-roll.md shows, or copy the data while the pod runs: with it the claim goes',
    ({ node }) => `describe persistentvolumeclaim ${dataVolumeClaimName(node)}`,
  ),
  ProgressDeadlineExceeded: (patient) => {
    const cause = stuckFor(patient.pods);
    return (cause === undefined ? holdUp : POD_ADVICE[cause])(patient);
  },
} as const satisfies Record<Hindrance, Advice>;

const holdUp = allOf(
  aboutPod('see what holds up its pod', (pod) => `describe pod ${pod}`),
  orRollback,
);
