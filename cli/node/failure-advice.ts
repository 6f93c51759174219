import type { FailureType } from '../../domain/failure/failure-type.ts';
import { SEI_NODE_PLURAL } from '../../domain/node/sei-node.ts';
import type { Advice } from './advice.ts';
import { allOf, kubectl, retry } from './advice.ts';

/** Advice for every failure whose message says all there is to know. */
export const MEND_AND_RETRY = retry('mend what it says, then try again');

/** Advice for each kind of failure: a new kind does not compile until it has its line. */
export const FAILURE_ADVICE = {
  InvalidSpec: kubectl(
    'mend the spec',
    ({ node }) => `edit ${SEI_NODE_PLURAL} ${node.metadata.name}`,
  ),
  TooManyReplicas: allOf(
    kubectl(
      'see who scales its StatefulSet, and end that',
      ({ node }) => `get statefulset ${node.metadata.name} -o yaml --show-managed-fields`,
    ),
    retry('then try again at once'),
  ),
  ForeignOwner: allOf(
    kubectl(
      'see the object that the message names; a claim may be all there is of its data',
      () => 'get statefulset,service,configmap,persistentvolumeclaim --show-labels',
    ),
    retry('do what the message says, then try again at once'),
  ),
  Incompatible: allOf(
    kubectl(
      'see whose StatefulSet stands in its way, and delete it there',
      ({ node }) => `get statefulset ${node.metadata.name} -o yaml`,
    ),
    retry('then try again at once'),
  ),
  Refused: MEND_AND_RETRY,
  PVCInvalid: MEND_AND_RETRY,
  InvalidInput: MEND_AND_RETRY,
  SidecarTaskFailed: MEND_AND_RETRY,
  Unexpected: MEND_AND_RETRY,
} as const satisfies Record<FailureType, Advice>;
