import type { ConditionUpdate } from '../node/condition.ts';
import { findCondition, isConditionTrue, withCondition } from '../node/condition.ts';
import type { SeiNodeStatus } from '../node/sei-node-status.ts';
import type { SeiNode } from '../node/sei-node.ts';
import type { ShownStall } from '../node/stall.ts';
import { podRunningConditions } from '../pod/pod-health.ts';
import type { PodOfNode } from '../pod/pods-of-node.ts';
import { describeLeft } from '../pod/pods-of-node.ts';
import { sidecarCondition } from '../sidecar/sidecar-state.ts';

/** Returns the node's status with these conditions, set for the generation at which the node was read. */
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

/** Returns the conditions of a node whose pod runs and whose sidecar is ready. */
export function runningConditions(node: Pick<SeiNode, 'status'>): readonly ConditionUpdate[] {
  return [sidecarCondition('ready'), ...podRunningConditions(node)];
}

/** Ends a stall; nothing if there was none, since conditions appear only once they were True. */
export function clearedStall(status: SeiNodeStatus): readonly ConditionUpdate[] {
  if (!isConditionTrue(status.conditions, 'Stalled')) return [];
  const message = 'nothing holds the node back';
  return [{ type: 'Stalled', status: 'False', reason: 'Progressing', message }];
}

/** Returns the status of a node that something outside blocks. The stall ends once the cause is fixed. */
export function stalledNode(node: SeiNode, stall: ShownStall, now: string): SeiNodeStatus {
  return statusWithConditions(node, [{ type: 'Stalled', status: 'True', ...stall }], now);
}

/** The reason why a deleted node is not ready, and its pod should not run. */
export const TERMINATING = 'Terminating';

/** Returns the conditions of a deleted node that has to wait until these pods are gone. */
export function terminatingConditions(left: readonly PodOfNode[]): readonly ConditionUpdate[] {
  const message = `waits for ${describeLeft(left)}: the node is deleted`;
  return [{ type: 'PodRunning', status: 'False', reason: TERMINATING, message }];
}

/** The reason why a paused node does not count as paused yet. */
export const SCALING_DOWN = 'ScalingDown';

/**
 * Returns condition Paused, which is True once no pod of the node is left.
 *
 * @param left the node's pods that live reads have found
 */
export function pauseConditions(
  node: SeiNode,
  left: readonly PodOfNode[],
): readonly ConditionUpdate[] {
  if (node.spec.paused !== true) return notPausedConditions(node);
  return [
    left.length === 0
      ? {
          type: 'Paused',
          status: 'True',
          reason: 'Paused',
          message: 'spec.paused is true: the node is scaled to zero',
        }
      : {
          type: 'Paused',
          status: 'False',
          reason: SCALING_DOWN,
          message: `waits for ${describeLeft(left)}: spec.paused is true`,
        },
  ];
}

/** Returns whether status reports the node as paused, or on the way to it. */
export function isPauseRecorded({ status }: Pick<SeiNode, 'status'>): boolean {
  const paused = findCondition(status?.conditions, 'Paused');
  return paused?.status === 'True' || paused?.reason === SCALING_DOWN;
}

const NOT_PAUSED: ConditionUpdate = {
  type: 'Paused',
  status: 'False',
  reason: 'NotPaused',
  message: 'spec.paused is unset or false',
};

/** Returns condition Paused for work that looks at no pod: such work may clear the condition, but not set it. */
export function notPausedConditions({ spec }: Pick<SeiNode, 'spec'>): readonly ConditionUpdate[] {
  return spec.paused === true ? [] : [NOT_PAUSED];
}

/** Corrects condition Paused where it contradicts spec: people who copy a key wait for it. Empty if it may stay. */
export function contradictedPause(
  { spec }: Pick<SeiNode, 'spec'>,
  status: SeiNodeStatus,
): readonly ConditionUpdate[] {
  const recorded = findCondition(status.conditions, 'Paused');
  if (spec.paused !== true) {
    if (recorded === undefined || recorded.reason === NOT_PAUSED.reason) return [];
    // The report about its pod from before the pause no longer holds; work that finds a pod reports it.
    const isPodDownRecorded = findCondition(status.conditions, 'PodRunning')?.status === 'False';
    return recorded.status === 'True' && !isPodDownRecorded
      ? [NOT_PAUSED, NO_POD_YET]
      : [NOT_PAUSED];
  }
  // A pause has no effect on a node whose bring-up was given up.
  const isFailed = status.phase === 'Failed';
  if (recorded?.status === 'True' || status.hold === undefined || isFailed) return [];
  const message = `spec.paused is true, and ${status.hold.actor} holds the node: it is scaled to zero once it is resumed`;
  return [{ type: 'Paused', status: 'False', reason: HELD, message }];
}

const NO_POD_YET: ConditionUpdate = {
  type: 'PodRunning',
  status: 'False',
  reason: 'PodMissing',
  message: 'the node was paused, and its pod is yet to come up',
};

/** The reason why a held node differs from its spec. */
export const HELD = 'Held';
