import type { ConditionUpdate } from './condition.ts';
import { findCondition } from './condition.ts';
import type { Plan, SeiNodeStatus } from './sei-node-status.ts';
import type { SeiNode } from './sei-node.ts';
import { targetFor } from './target.ts';

/** Returns whether status says that the last update failed. */
export function hasFailedUpdate(status: SeiNodeStatus | undefined): boolean {
  const update = findCondition(status?.conditions, 'NodeUpdateInProgress');
  return update?.status === 'False' && update.reason === 'UpdateFailed';
}

/**
 * Returns the failed plan until its update is withdrawn. After that the plan stays as it ended, and the
 * node runs its wanted image.
 */
export function standingFailure(status: SeiNodeStatus | undefined): Plan | undefined {
  const update = findCondition(status?.conditions, 'NodeUpdateInProgress');
  const isWithdrawn = update?.status === 'False' && update.reason === 'UpdateWithdrawn';
  return status?.plan?.phase === 'Failed' && !isWithdrawn ? status.plan : undefined;
}

/** Withdraws a failed update once nobody asks for its image any more. */
export function clearedFailure(node: SeiNode): readonly ConditionUpdate[] {
  const { status } = node;
  if (!hasFailedUpdate(status)) return [];
  // A paused node may still want it, and an update that failed on its own image is not over.
  const wanted = targetFor(node, '').image;
  if (status?.currentImage !== wanted || status.plan?.targetImage === wanted) return [];
  return [
    {
      type: 'NodeUpdateInProgress',
      status: 'False',
      reason: 'UpdateWithdrawn',
      message: `the image of the failed update is not asked for any more: the node runs ${status?.currentImage ?? 'what it ran before'}`,
    },
  ];
}
