import type { ConditionUpdate } from './condition.ts';
import { isConditionTrue, withCondition } from './condition.ts';
import { podRunningConditions } from './pod-health.ts';
import type { SeiNode, SeiNodeStatus } from './sei-node.ts';
import { sidecarCondition } from './sidecar-state.ts';

/** The node's status with these conditions set for the generation that the node was read at. */
export function statusWithConditions(
  node: SeiNode,
  updates: readonly ConditionUpdate[],
  now: string,
): SeiNodeStatus {
  const before = node.status ?? {};
  const conditions = updates.reduce(
    (all, update) => withCondition(all, update, node.metadata.generation, now),
    before.conditions ?? [],
  );
  return { ...before, conditions };
}

/** What holds of a node whose pod runs and whose sidecar answered that it is ready. */
export function runningConditions(node: Pick<SeiNode, 'status'>): readonly ConditionUpdate[] {
  return [sidecarCondition('ready'), ...podRunningConditions(node)];
}

/** Ends a stall; nothing where there was none, since conditions appear only once they were True. */
export function settledStall(status: SeiNodeStatus): readonly ConditionUpdate[] {
  if (!isConditionTrue(status.conditions, 'Stalled')) return [];
  const message = 'nothing holds the node back';
  return [{ type: 'Stalled', status: 'False', reason: 'Progressing', message }];
}

/** Something outside holds the node back. It un-sticks by itself once the cause is mended. */
export function stalledNode(
  node: SeiNode,
  stall: { readonly reason: string; readonly message: string },
  now: string,
): SeiNodeStatus {
  return statusWithConditions(node, [{ type: 'Stalled', status: 'True', ...stall }], now);
}

/** Whether the node is paused. */
export function pauseConditions(node: SeiNode): readonly ConditionUpdate[] {
  if (node.spec.paused === true) {
    return [
      {
        type: 'Paused',
        status: 'True',
        reason: 'Paused',
        message: 'spec.paused is true: the node is scaled to zero',
      },
    ];
  }
  return [
    {
      type: 'Paused',
      status: 'False',
      reason: 'NotPaused',
      message: 'spec.paused is unset or false',
    },
  ];
}
