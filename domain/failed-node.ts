/** How a bring-up is given up, and what begins it anew. */
import { findCondition } from './condition.ts';
import { FailureType } from './failure-type.ts';
import type { PlanFailure, SeiNode, SeiNodeStatus } from './sei-node.ts';

/**
 * Whether a failure ends the bring-up for good. The sidecar's tasks have budgets of their own, so one
 * that fails beyond it needs another spec, or a person who has mended what it found; an imported claim
 * that cannot be used needs another claim.
 */
export function isGivenUp({ reason }: Pick<PlanFailure, 'reason'>): boolean {
  return reason === FailureType.SidecarTaskFailed || reason === FailureType.PVCInvalid;
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
