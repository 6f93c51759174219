/** What converging without a roll, and deleting, make of a node's status. Pure. */
import { assertNever } from './assert-never.ts';
import type { ConditionUpdate } from './condition.ts';
import { configBaseline, configConditions } from './config-currency.ts';
import type { Observation } from './due-work.ts';
import { settledFailure } from './failed-update.ts';
import { isUnrecordedPod, observedPod } from './observed-pod.ts';
import { podCurrency } from './pod-currency.ts';
import type { PodHealth } from './pod-health.ts';
import { notMarkedReadyCondition, podDownCondition, podHealth } from './pod-health.ts';
import type { PodView } from './pod-view.ts';
import type { PodOfNode } from './pods-of-node.ts';
import { withoutReapproval } from './reapproval.ts';
import { withoutEndedRollback } from './rollback.ts';
import { runningPod } from './running-pod.ts';
import type { PlanFailure, SeiNodeStatus } from './sei-node-status.ts';
import type { SeiNode } from './sei-node.ts';
import { mayServe, servingPod } from './serving-pod.ts';
import type { SidecarState } from './sidecar-state.ts';
import { sidecarCondition, sidecarLostConditions } from './sidecar-state.ts';
import { isStalledByPod } from './stall.ts';
import {
  pauseConditions,
  runningConditions,
  settledStall,
  stalledNode,
  statusWithConditions,
  terminatingConditions,
} from './status-conditions.ts';

/**
 * The node after what it consists of was made as its spec wants it.
 *
 * @param sidecar what the sidecar answered last; undefined when nobody asked.
 */
export function finishedSync(
  observation: Pick<Observation, 'node' | 'pods' | 'statefulSet'> & {
    /** All of its pods that are there, the node's StatefulSet's or not. */
    readonly left: readonly PodOfNode[];
  },
  sidecar: SidecarState | undefined,
  now: string,
): SeiNodeStatus {
  const { node, left } = observation;
  // Of a bring-up that failed nothing is made: its status is said to be of the newest spec, and that is all.
  if (node.status?.phase === 'Failed') return node.status;
  const surroundings = surroundingConditions(observation, sidecar);
  if (node.status?.hold !== undefined) {
    return finishedUnderHold(observation, sidecar, surroundings, now);
  }
  const unrolled = withoutEndedRollback(node);
  const before = sidecar === 'ready' ? withoutReapproval(unrolled) : unrolled;
  const conditions = [
    ...settledStall(before),
    ...settledFailure(node),
    ...pauseConditions(node, left),
    ...surroundings,
  ];
  return {
    ...withObservedPod(
      observation,
      statusWithConditions({ ...node, status: before }, conditions, now),
    ),
    ...configBaseline(node),
  };
}

/**
 * The same under a hold. Nothing was applied, so nothing can be said but what was seen: a pod that serves
 * ends what held the pod back, and no refusal of a write.
 */
function finishedUnderHold(
  observation: Pick<Observation, 'node' | 'pods' | 'statefulSet'>,
  sidecar: SidecarState | undefined,
  surroundings: readonly ConditionUpdate[],
  now: string,
): SeiNodeStatus {
  const { node } = observation;
  const before = node.status ?? {};
  const status = sidecar === 'ready' ? withoutReapproval(before) : before;
  const conditions = [
    ...(sidecar === 'ready' && isStalledByPod(node) ? settledStall(before) : []),
    ...settledFailure(node),
    ...surroundings,
  ];
  return withObservedPod(observation, statusWithConditions({ ...node, status }, conditions, now));
}

/** What is seen around a node at rest, as conditions. */
function surroundingConditions(
  { node, pods, statefulSet }: Pick<Observation, 'node' | 'pods' | 'statefulSet'>,
  sidecar: SidecarState | undefined,
): readonly ConditionUpdate[] {
  const currency = podCurrency(node, statefulSet, pods);
  return [
    ...(currency.kind === 'differs-from-status' ? [currency.condition] : []),
    ...configConditions(node),
    ...servingConditions(node, pods, sidecar),
  ];
}

function servingConditions(
  node: SeiNode,
  pods: readonly PodView[],
  sidecar: SidecarState | undefined,
): readonly ConditionUpdate[] {
  if (!mayServe(node)) return [];
  const health = podHealth(node, pods);
  switch (health.kind) {
    case 'down':
      return podLostConditions(node, health);
    case 'ailing':
      return [...sidecarConditions(sidecar), podDownCondition(health)];
    case 'running':
      // Only a sidecar that is ready proves that the pod was let through.
      return sidecar === 'ready' ? runningConditions(node) : sidecarConditions(sidecar);
    default:
      return assertNever(health);
  }
}

function sidecarConditions(sidecar: SidecarState | undefined): readonly ConditionUpdate[] {
  return sidecar === undefined ? [] : [sidecarCondition(sidecar)];
}

/** What holds of a node without a pod that could serve. */
function podLostConditions(
  node: SeiNode,
  health: Extract<PodHealth, { kind: 'down' }>,
): readonly ConditionUpdate[] {
  return [podDownCondition(health), ...sidecarLostConditions(node)];
}

/** Status names the pod that runs, as it was made. */
function withObservedPod(
  { node, pods, statefulSet }: Pick<Observation, 'node' | 'pods' | 'statefulSet'>,
  status: SeiNodeStatus,
): SeiNodeStatus {
  const pod = servingPod(node, pods);
  if (pod === undefined || !isUnrecordedPod(node, pod, statefulSet)) return status;
  const running = runningPod(pod);
  return running === undefined ? status : { ...status, pod: observedPod(running) };
}

/**
 * The node as its sync begins: what was lost is said before anything is done about it, since it may
 * take a while to come back.
 */
export function begunSync(observation: Observation, now: string): SeiNodeStatus {
  const { node, pods, sidecar } = observation;
  const health = mayServe(node) ? podHealth(node, pods) : undefined;
  const conditions: ConditionUpdate[] = [];
  if (health?.kind === 'down') {
    conditions.push(...podLostConditions(node, health));
  } else if (sidecar === 'not-ready') {
    conditions.push(sidecarCondition('not-ready'));
    // A sidecar that restarted beside a running seid holds back its next start only.
    if (health?.kind === 'running' && isAnotherPod(node, health.pod)) {
      conditions.push(notMarkedReadyCondition(health.pod));
    }
  }
  return statusWithConditions(node, conditions, now);
}

function isAnotherPod({ status }: SeiNode, pod: PodView): boolean {
  return status?.pod !== undefined && status.pod.uid !== pod.uid;
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

/**
 * Somebody deleted the node: what it consists of goes before it does. What held back its work holds back
 * nothing any more.
 */
export function terminatingNode(node: SeiNode, now: string): SeiNodeStatus {
  const before = node.status ?? {};
  if (before.phase === 'Terminating') return before;
  return {
    ...statusWithConditions(node, settledStall(before), now),
    phase: 'Terminating',
    phaseTransitionTime: now,
  };
}

/** The node while pods of it are left, of which there is to be none: it says which, and where. */
export function nodeWithPodsLeft(
  node: SeiNode,
  because: 'deleted' | 'paused',
  left: readonly PodOfNode[],
  now: string,
): SeiNodeStatus {
  switch (because) {
    case 'deleted':
      return statusWithConditions(node, terminatingConditions(left), now);
    case 'paused':
      return statusWithConditions(node, pauseConditions(node, left), now);
    default:
      return assertNever(because);
  }
}
