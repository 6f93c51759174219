/** What converging without a roll, and deleting, make of a node's status. Pure. */
import type { ConditionUpdate } from './condition.ts';
import { findCondition, isConditionTrue } from './condition.ts';
import { podCurrency } from './pod-currency.ts';
import type { Observation } from './due-work.ts';
import type { PlanFailure, SeiNode, SeiNodeStatus } from './sei-node.ts';
import { withoutReapproval } from './reapproval.ts';
import { withoutEndedRollback } from './rollback.ts';
import type { SidecarState } from './sidecar-state.ts';
import { sidecarCondition } from './sidecar-state.ts';
import {
  runningConditions,
  settledStall,
  stalledNode,
  statusWithConditions,
} from './status-conditions.ts';

/**
 * The node after what it consists of was made as its spec wants it.
 *
 * @param sidecar what the sidecar answered last; undefined when nobody asked.
 */
export function finishedSync(
  { node, pods, statefulSet }: Pick<Observation, 'node' | 'pods' | 'statefulSet'>,
  sidecar: SidecarState | undefined,
  now: string,
): SeiNodeStatus {
  const unrolled = withoutEndedRollback(node);
  const before = sidecar === 'ready' ? withoutReapproval(unrolled) : unrolled;
  const currency = podCurrency(node, statefulSet, pods);
  return statusWithConditions(
    { ...node, status: before },
    [
      ...settledStall(before),
      ...pauseConditions(node),
      ...readiness(node, sidecar),
      ...(currency.kind === 'differs-from-status' ? [currency.condition] : []),
    ],
    now,
  );
}

/** The sidecar has restarted inside its pod: the next start of the node would wait for it. */
export function sidecarLost(node: SeiNode, now: string): SeiNodeStatus {
  return statusWithConditions(node, [sidecarCondition('not-ready')], now);
}

/** Whether the node is paused. A node that never was needs no condition that says so. */
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
  return findCondition(node.status?.conditions, 'Paused') === undefined
    ? []
    : [
        {
          type: 'Paused',
          status: 'False',
          reason: 'NotPaused',
          message: 'spec.paused is unset or false',
        },
      ];
}

function readiness(node: SeiNode, sidecar: SidecarState | undefined): readonly ConditionUpdate[] {
  if (node.spec.paused === true) {
    return [{ type: 'Ready', status: 'False', reason: 'Paused', message: 'the node is paused' }];
  }
  const { phase, currentImage, conditions } = node.status ?? {};
  if (phase !== 'Running') return [];
  if (sidecar === 'ready') return runningConditions(currentImage);
  const recorded = sidecar === undefined ? [] : [sidecarCondition(sidecar)];
  return isConditionTrue(conditions, 'Ready')
    ? recorded
    : [...recorded, ...runningConditions(currentImage).filter(({ type }) => type === 'Ready')];
}

/** A step failed in a way that no retry mends: the node waits, visibly, for a change. */
export function failedSync(
  node: SeiNode,
  failure: Pick<PlanFailure, 'step' | 'reason' | 'message'>,
  now: string,
): SeiNodeStatus {
  const message = `${failure.step}: ${failure.message}`;
  return stalledNode(node, { reason: failure.reason, message }, now);
}

/** Somebody deleted the node: what it consists of goes before it does. */
export function terminatingNode(node: SeiNode, now: string): SeiNodeStatus {
  const before = node.status ?? {};
  if (before.phase === 'Terminating') return before;
  return {
    ...statusWithConditions(
      node,
      [{ type: 'Ready', status: 'False', reason: 'Terminating', message: 'the node is deleted' }],
      now,
    ),
    phase: 'Terminating',
    phaseTransitionTime: now,
  };
}
