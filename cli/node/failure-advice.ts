import type { FailureType } from '../../domain/failure/failure-type.ts';
import { SEI_NODE_PLURAL } from '../../domain/node/sei-node.ts';
import type { Advice } from './advice.ts';
import { allOf, kubectl, retry } from './advice.ts';

/** Advice for every failure whose message says all there is to know. */
export const FIX_AND_RETRY = retry('fix what the message names, then try again');

/** Advice for each kind of failure: a new kind does not compile until it has its line. */
export const FAILURE_ADVICE = {
  InvalidSpec: kubectl(
    'correct the spec',
    ({ node }) => `edit ${SEI_NODE_PLURAL} ${node.metadata.name}`,
  ),
  TooManyReplicas: allOf(
    kubectl(
      'find out who scales its StatefulSet, and stop that',
      ({ node }) => `get statefulset ${node.metadata.name} -o yaml --show-managed-fields`,
    ),
    retry('then try again at once'),
  ),
  ForeignOwner: allOf(
    kubectl(
      'look at the object that the message names; a claim may have the only copy of its data',
      () => 'get statefulset,service,configmap,persistentvolumeclaim --show-labels',
    ),
    retry('do what the message says, then try again at once'),
  ),
  Incompatible: allOf(
    kubectl(
      'find out whose StatefulSet is in its way, and have it deleted',
      ({ node }) => `get statefulset ${node.metadata.name} -o yaml`,
    ),
    retry('then try again at once'),
  ),
  Refused: FIX_AND_RETRY,
  PVCInvalid: FIX_AND_RETRY,
  InvalidInput: FIX_AND_RETRY,
  SidecarTaskFailed: FIX_AND_RETRY,
  Unexpected: FIX_AND_RETRY,
} as const satisfies Record<FailureType, Advice>;
