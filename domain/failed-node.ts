/** How a bring-up is given up, and what begins it anew. */
import { findCondition } from './condition.ts';
import { failurePolicy } from './failure-policy.ts';
import { failureTypeOf } from './failure-type.ts';
import type { PlanFailure, SeiNodeStatus } from './sei-node-status.ts';
import type { SeiNode } from './sei-node.ts';

/** Whether a failure ends the bring-up for good: it takes another spec, or a person, to begin anew. */
export function isGivenUp({ reason }: Pick<PlanFailure, 'reason'>): boolean {
  return failurePolicy(failureTypeOf(reason)).endsBringUp;
}

/**
 * Whether the spec of a Failed node is another one than the one that failed, which is the generation
 * that condition Ready was decided from: other writes of status leave that as it is.
 */
export function hasChangedSinceFailure({ metadata, status }: SeiNode): boolean {
  const failed = findCondition(status?.conditions, 'Ready')?.observedGeneration;
  return failed !== undefined && metadata.generation > failed;
}

/** A Failed node whose bring-up somebody wants tried again; undefined for one that has not failed. */
export function retriedNode(node: SeiNode, now: string): SeiNodeStatus | undefined {
  if (node.status?.phase !== 'Failed') return undefined;
  return { ...node.status, phase: 'Pending', phaseTransitionTime: now };
}
