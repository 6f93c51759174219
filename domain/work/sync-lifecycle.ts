/** The status of a node at each stage of a sync without a roll, and of its deletion. Pure. */
import { assertNever } from '../assert-never.ts';
import type { ConditionUpdate } from '../node/condition.ts';
import { clearedFailure } from '../node/failed-update.ts';
import type { SeiNodeStatus } from '../node/sei-node-status.ts';
import type { SeiNode } from '../node/sei-node.ts';
import { isStalledByPod } from '../node/stall.ts';
import type { StepFailure } from '../plan/plan.ts';
import { withoutReapproval } from '../plan/reapproval.ts';
import { withoutEndedRollback } from '../plan/rollback.ts';
import { isUnrecordedPod, observedPod } from '../pod/observed-pod.ts';
import type { PodHealth } from '../pod/pod-health.ts';
import { notMarkedReadyCondition, podDownCondition, podHealth } from '../pod/pod-health.ts';
import { podTemplateStatus } from '../pod/pod-template-status.ts';
import type { PodView } from '../pod/pod-view.ts';
import type { PodOfNode } from '../pod/pods-of-node.ts';
import { runningPod } from '../pod/running-pod.ts';
import { mayServe, servingPod } from '../pod/serving-pod.ts';
import { configBaseline, configConditions } from '../sidecar/config-status.ts';
import type { SidecarState } from '../sidecar/sidecar-state.ts';
import { sidecarCondition, sidecarLostConditions } from '../sidecar/sidecar-state.ts';
import {
  pauseConditions,
  runningConditions,
  clearedStall,
  stalledNode,
  statusWithConditions,
  terminatingConditions,
} from '../status/status-conditions.ts';
import type { Observation } from './due-work.ts';

/**
 * Returns the node after its objects were made as its spec wants them.
 *
 * @param sidecar the last answer of the sidecar; undefined if nobody asked.
 */
export function finishedSync(
  observation: Pick<Observation, 'node' | 'pods' | 'statefulSet'> & {
    /** All its pods that exist, of the node's StatefulSet or not. */
    readonly left: readonly PodOfNode[];
  },
  sidecar: SidecarState | undefined,
  now: string,
): SeiNodeStatus {
  const { node, left } = observation;
  // The operator makes nothing of a failed bring-up: it only acknowledges the newest spec on status.
  if (node.status?.phase === 'Failed') return node.status;
  const surroundings = surroundingConditions(observation, sidecar);
  if (node.status?.hold !== undefined) {
    return finishedUnderHold(observation, sidecar, surroundings, now);
  }
  const unrolled = withoutEndedRollback(node);
  const before = sidecar === 'ready' ? withoutReapproval(unrolled) : unrolled;
  const conditions = [
    ...clearedStall(before),
    ...clearedFailure(node),
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
 * Returns the node after a sync under a hold. Nothing was applied, so only observations count: a pod that
 * serves ends a stall of the pod, but not the refusal of a write.
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
    ...(sidecar === 'ready' && isStalledByPod(node) ? clearedStall(before) : []),
    ...clearedFailure(node),
    ...surroundings,
  ];
  return withObservedPod(observation, statusWithConditions({ ...node, status }, conditions, now));
}

/** Returns the conditions that follow from the surroundings of a node at rest. */
function surroundingConditions(
  { node, pods, statefulSet }: Pick<Observation, 'node' | 'pods' | 'statefulSet'>,
  sidecar: SidecarState | undefined,
): readonly ConditionUpdate[] {
  const template = podTemplateStatus(node, statefulSet, pods);
  return [
    ...(template.kind === 'unrecorded' ? [template.condition] : []),
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
      // Only a ready sidecar proves that the pod was let through.
      return sidecar === 'ready' ? runningConditions(node) : sidecarConditions(sidecar);
    default:
      return assertNever(health);
  }
}

function sidecarConditions(sidecar: SidecarState | undefined): readonly ConditionUpdate[] {
  return sidecar === undefined ? [] : [sidecarCondition(sidecar)];
}

/** Returns the conditions of a node without a pod that could serve. */
function podLostConditions(
  node: SeiNode,
  health: Extract<PodHealth, { kind: 'down' }>,
): readonly ConditionUpdate[] {
  return [podDownCondition(health), ...sidecarLostConditions(node)];
}

/** Records the running pod on status, with the images that it was made with. */
function withObservedPod(
  { node, pods, statefulSet }: Pick<Observation, 'node' | 'pods' | 'statefulSet'>,
  status: SeiNodeStatus,
): SeiNodeStatus {
  const pod = servingPod(node, pods);
  if (pod === undefined || !isUnrecordedPod(node, pod, statefulSet)) return status;
  const running = runningPod(pod);
  return running === undefined ? status : { ...status, pod: observedPod(running) };
}

/** Returns the node at the start of its sync: reports a loss before the work on it, since that may take a while. */
export function begunSync(observation: Observation, now: string): SeiNodeStatus {
  const { node, pods, sidecar } = observation;
  const health = mayServe(node) ? podHealth(node, pods) : undefined;
  const conditions: ConditionUpdate[] = [];
  if (health?.kind === 'down') {
    conditions.push(...podLostConditions(node, health));
  } else if (sidecar === 'not-ready') {
    conditions.push(sidecarCondition('not-ready'));
    // A sidecar that restarted beside a running seid blocks only its next start.
    if (health?.kind === 'running' && isAnotherPod(node, health.pod)) {
      conditions.push(notMarkedReadyCondition(health.pod));
    }
  }
  return statusWithConditions(node, conditions, now);
}

function isAnotherPod({ status }: SeiNode, pod: PodView): boolean {
  return status?.pod !== undefined && status.pod.uid !== pod.uid;
}

/** Returns the node after a step failed in a way that no retry fixes: it waits, visibly, for a change. */
export function failedSync(
  node: SeiNode,
  failure: Omit<StepFailure, 'at'>,
  now: string,
): SeiNodeStatus {
  const message = `${failure.step}: ${failure.message}`;
  return stalledNode(node, { reason: failure.reason, message }, now);
}

/** Returns the node once somebody deleted it: its objects go before it does. Nothing stalls its work any more. */
export function terminatingNode(node: SeiNode, now: string): SeiNodeStatus {
  const before = node.status ?? {};
  if (before.phase === 'Terminating') return before;
  return {
    ...statusWithConditions(node, clearedStall(before), now),
    phase: 'Terminating',
    phaseTransitionTime: now,
  };
}

/** Returns the node while pods are left that have to go: it names each, and its machine. */
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
