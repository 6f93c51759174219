import type { ConditionUpdate } from './condition.ts';
import { findCondition, isConditionTrue, withCondition } from './condition.ts';
import { podRunningConditions } from './pod-health.ts';
import type { PodOfNode } from './pods-of-node.ts';
import { describeLeft } from './pods-of-node.ts';
import type { SeiNodeStatus } from './sei-node-status.ts';
import type { SeiNode } from './sei-node.ts';
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

/** Why a deleted node is not ready, and its pod not to run. */
export const TERMINATING = 'Terminating';

/** The node is deleted, and is not let go before these are gone. */
export function terminatingConditions(left: readonly PodOfNode[]): readonly ConditionUpdate[] {
  const message = `waits for ${describeLeft(left)}: the node is deleted`;
  return [{ type: 'PodRunning', status: 'False', reason: TERMINATING, message }];
}

/** Why a paused node is not said to be paused yet. */
export const SCALING_DOWN = 'ScalingDown';

/**
 * Whether the node is paused, which it is once no pod of it is left.
 *
 * @param left what live reads have found of its pods
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

/** Whether status says that the node is paused, or on the way to that. */
export function isPauseTold({ status }: Pick<SeiNode, 'status'>): boolean {
  const paused = findCondition(status?.conditions, 'Paused');
  return paused?.status === 'True' || paused?.reason === SCALING_DOWN;
}

const NOT_PAUSED: ConditionUpdate = {
  type: 'Paused',
  status: 'False',
  reason: 'NotPaused',
  message: 'spec.paused is unset or false',
};

/** The same of work that looks at no pod: that the node is paused, another one says. */
export function notPausedConditions({ spec }: Pick<SeiNode, 'spec'>): readonly ConditionUpdate[] {
  return spec.paused === true ? [] : [NOT_PAUSED];
}

/**
 * What has to be said where condition Paused says the contrary of spec: whoever copies a key waits for it.
 * Nothing where it may stay.
 */
export function contradictedPause(
  { spec }: Pick<SeiNode, 'spec'>,
  status: SeiNodeStatus,
): readonly ConditionUpdate[] {
  const told = findCondition(status.conditions, 'Paused');
  if (spec.paused !== true) {
    if (told === undefined || told.reason === NOT_PAUSED.reason) return [];
    // What was said of its pod before the pause holds no more; who finds one says so.
    const isPodTold = findCondition(status.conditions, 'PodRunning')?.status === 'False';
    return told.status === 'True' && !isPodTold ? [NOT_PAUSED, NO_POD_YET] : [NOT_PAUSED];
  }
  // A pause has no effect on a node whose bring-up was given up.
  const isFailed = status.phase === 'Failed';
  if (told?.status === 'True' || status.hold === undefined || isFailed) return [];
  const message = `spec.paused is true, and ${status.hold.actor} holds the node: it is scaled to zero once it is resumed`;
  return [{ type: 'Paused', status: 'False', reason: HELD, message }];
}

const NO_POD_YET: ConditionUpdate = {
  type: 'PodRunning',
  status: 'False',
  reason: 'PodMissing',
  message: 'the node was paused, and its pod is yet to come up',
};

/** Why a node that somebody holds is not as its spec wants it. */
export const HELD = 'Held';
