/** Decides when a bring-up is given up, and when it starts again. */

import { failurePolicy } from '../failure/failure-policy.ts';
import { failureTypeOf } from '../failure/failure-type.ts';
import { findCondition } from './condition.ts';
import type { PlanFailure, SeiNodeStatus } from './sei-node-status.ts';
import type { SeiNode } from './sei-node.ts';

/** Returns whether a failure ends the bring-up for good: only another spec, or a person, starts it again. */
export function isGivenUp({ reason }: Pick<PlanFailure, 'reason'>): boolean {
  return failurePolicy(failureTypeOf(reason)).endsBringUp;
}

/**
 * Returns whether the spec of a Failed node has changed since it failed. Condition Ready keeps the
 * generation that failed: other writes of status leave it as it is.
 */
export function hasChangedSinceFailure({ metadata, status }: SeiNode): boolean {
  const failed = findCondition(status?.conditions, 'Ready')?.observedGeneration;
  return failed !== undefined && metadata.generation > failed;
}

/** Returns the status of a Failed node whose bring-up somebody wants to retry; undefined for any other node. */
export function retriedNode(node: SeiNode, now: string): SeiNodeStatus | undefined {
  if (node.status?.phase !== 'Failed') return undefined;
  return { ...node.status, phase: 'Pending', phaseTransitionTime: now };
}
