import { dataVolumeClaimName } from '../../domain/node/data-volume.ts';
import { NODE_LABEL } from '../../domain/node/sei-node.ts';
import type { Hindrance } from '../../domain/node/stall-reason.ts';
import { RBAC_PROXY_CONTAINER, SIDECAR_CONTAINER } from '../../domain/pod/pod-view.ts';
import type { Advice } from './advice.ts';
import { aboutPod, allOf, kubectl, orRollback } from './advice.ts';
import { POD_ADVICE } from './pod-advice.ts';
import { stuckFor } from './waiting-container.ts';

const askSidecar = aboutPod(
  'read the log of the sidecar; the work goes on once the cause is gone',
  (pod) => `logs ${pod} -c ${SIDECAR_CONTAINER}`,
);

/** Advice for each hindrance. */
export const STALL_ADVICE = {
  IdentityInUse: kubectl(
    'see what is left of the node that the message names; delete that or set its spec.paused, and this one comes up',
    () => 'get snode,lease,statefulset,pod',
  ),
  SecretNotFound: kubectl(
    'create the Secret that the message names; the work then goes on',
    () => 'get secret',
  ),
  NotConverging: kubectl(
    'compare the settings of watcher and worker, and see who else writes its StatefulSet',
    ({ node }) => `get statefulset ${node.metadata.name} -o yaml --show-managed-fields`,
  ),
  SurplusPod: kubectl(
    'find the second pod of its StatefulSet, and delete it; the work then goes on',
    ({ node }) => `get pod -l ${NODE_LABEL}=${node.metadata.name}`,
  ),
  ApiServerError: kubectl(
    'fix or remove the webhook that the message names; the work then goes on',
    () => 'get validatingwebhookconfiguration,mutatingwebhookconfiguration',
  ),
  WaitingForDeletion: kubectl(
    'see why the object that the message names is still there; the work goes on once it is gone',
    () => 'get statefulset,pod,persistentvolumeclaim -o yaml',
  ),
  SidecarUnauthorized: aboutPod(
    "see why the pod's proxy refuses the worker's token",
    (pod) => `logs ${pod} -c ${RBAC_PROXY_CONTAINER}`,
  ),
  SidecarUnreachable: askSidecar,
  SidecarFailing: askSidecar,
  ForeignPod: kubectl(
    'find out who made the pod that the message names; have it deleted, or its label removed',
    ({ node }) => `get pod -l ${NODE_LABEL}=${node.metadata.name} -o yaml`,
  ),
  DataVolumeTerminating: kubectl(
    'keep its volume, as docs/stuck-roll.md shows, or copy the data while the pod runs: the claim goes with the pod',
    ({ node }) => `describe persistentvolumeclaim ${dataVolumeClaimName(node)}`,
  ),
  ProgressDeadlineExceeded: (patient) => {
    const cause = stuckFor(patient.pods);
    return (cause === undefined ? holdUp : POD_ADVICE[cause])(patient);
  },
} as const satisfies Record<Hindrance, Advice>;

const holdUp = allOf(
  aboutPod('see what delays its pod', (pod) => `describe pod ${pod}`),
  orRollback,
);
