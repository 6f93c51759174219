import type { ConditionUpdate } from './condition.ts';
import { findCondition } from './condition.ts';
import type { SeiNode, SeiNodeStatus } from './sei-node.ts';

/** Whether status says that the last update failed. */
export function hasFailedUpdate(status: SeiNodeStatus | undefined): boolean {
  const update = findCondition(status?.conditions, 'NodeUpdateInProgress');
  return update?.status === 'False' && update.reason === 'UpdateFailed';
}

/** Settles a failed update once the image that it was for is not asked for any more. */
export function settledFailure({ status }: Pick<SeiNode, 'status'>): readonly ConditionUpdate[] {
  if (!hasFailedUpdate(status)) return [];
  return [
    {
      type: 'NodeUpdateInProgress',
      status: 'False',
      reason: 'UpdateWithdrawn',
      message: `the image of the failed update is not asked for any more: the node runs ${status?.currentImage ?? 'what it ran before'}`,
    },
  ];
}
