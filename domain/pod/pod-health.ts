import type { ConditionUpdate } from '../node/condition.ts';
import { findCondition } from '../node/condition.ts';
import { podNameOf } from '../node/node-ref.ts';
import type { SeiNode } from '../node/sei-node.ts';
import { podTrouble } from './pod-trouble.ts';
import type { PodView } from './pod-view.ts';
import { containerOf, hasEnded, SEID_CONTAINER } from './pod-view.ts';
import { runningPod } from './running-pod.ts';
import { ownPods } from './serving-pod.ts';

/** The health of the pod of a node at rest. Condition PodRunning reports it, and Ready follows from that. */
export type PodHealth =
  | { readonly kind: 'running'; readonly pod: PodView }
  /** No pod has started: a run waits for one, and marks it ready. */
  | { readonly kind: 'down'; readonly reason: string; readonly message: string }
  /** The pod has started and does not serve. None of our work fixes it, so it is only recorded. */
  | { readonly kind: 'ailing'; readonly reason: string; readonly message: string };

/**
 * Returns the health of the pod of a Running node that is not paused.
 *
 * @param pods those with the node's label.
 */
export function podHealth(node: SeiNode, pods: readonly PodView[]): PodHealth {
  const own = ownPods(node, pods);
  const pod = own.find(({ deletionTimestamp }) => deletionTimestamp === undefined) ?? own[0];
  if (pod === undefined) {
    const message = `there is no pod ${podNameOf(node.metadata)} with label sei.io/node=${node.metadata.name}`;
    return { kind: 'down', reason: 'PodMissing', message };
  }
  if (pod.deletionTimestamp !== undefined) {
    const message = `pod ${pod.name} is being deleted, with a grace until ${pod.deletionTimestamp}`;
    return { kind: 'down', reason: 'PodTerminating', message };
  }
  if (hasEnded(pod)) {
    const message = `pod ${pod.name} ended in phase ${pod.phase}: ${pod.reason ?? 'no reason given'}`;
    return { kind: 'down', reason: 'PodFailed', message };
  }
  if (runningPod(pod) === undefined) return { kind: 'down', ...pendingReason(pod) };
  return ailment(node, pod) ?? { kind: 'running', pod };
}

function pendingReason(pod: PodView): { readonly reason: string; readonly message: string } {
  // At rest nobody expects the pod to come up, so it gets no grace.
  const trouble = podTrouble(pod, Number.POSITIVE_INFINITY);
  if (trouble !== undefined) return trouble;
  const message = `pod ${pod.name} is ${pod.phase}: seid has not started`;
  return { reason: 'PodPending', message };
}

function ailment(node: SeiNode, pod: PodView): Extract<PodHealth, { kind: 'ailing' }> | undefined {
  const seid = containerOf(pod, SEID_CONTAINER);
  if (seid !== undefined && isCrashLooping(node, seid)) {
    const message = `container seid of pod ${pod.name} crashes: it restarted ${seid.restartCount} times`;
    return { kind: 'ailing', reason: 'CrashLoopBackOff', message };
  }
  // A kubelet reports both together. The pod alone becomes unready when its machine does not answer.
  if (!pod.ready && pod.containers.every(({ ready }) => ready)) {
    const message = `pod ${pod.name} is not ready although its containers are: its machine may not answer`;
    return { kind: 'ailing', reason: 'PodNotReady', message };
  }
  return undefined;
}

type Seid = NonNullable<ReturnType<typeof containerOf>>;

/**
 * Returns whether seid crashes again and again. That is over once seid is ready: between two crashes it
 * runs for a while, and a node that turned Ready each time would lie every few minutes.
 */
function isCrashLooping(node: SeiNode, { state, ready, restartCount }: Seid): boolean {
  switch (state.kind) {
    case 'waiting':
      return state.reason === 'CrashLoopBackOff';
    case 'terminated':
      return restartCount > 0;
    case 'running':
      return !ready && restartCount > 0 && recordedReason(node) === 'CrashLoopBackOff';
  }
}

function recordedReason({ status }: SeiNode): string | undefined {
  const recorded = findCondition(status?.conditions, 'PodRunning');
  return recorded?.status === 'False' ? recorded.reason : undefined;
}

/** Returns whether status has this health already, so that there is nothing to record. */
export function isHealthRecorded(node: SeiNode, health: PodHealth): boolean {
  const recorded = recordedReason(node);
  return health.kind === 'running' ? recorded === undefined : recorded === health.reason;
}

/** Returns the condition for a pod that does not serve. */
export function podDownCondition({
  reason,
  message,
}: Exclude<PodHealth, { kind: 'running' }>): ConditionUpdate {
  return { type: 'PodRunning', status: 'False', reason, message };
}

/** Returns the condition for a pod that runs while its seid waits in front of a gate that only mark-ready opens. */
export function notMarkedReadyCondition(pod: { readonly name: string }): ConditionUpdate {
  const message = `pod ${pod.name} waits for its sidecar to be marked ready`;
  return podDownCondition({ kind: 'down', reason: 'NotMarkedReady', message });
}

/** Clears such a condition; nothing if there was none, since it appears only once it is False. */
export function podRunningConditions(node: Pick<SeiNode, 'status'>): readonly ConditionUpdate[] {
  if (findCondition(node.status?.conditions, 'PodRunning') === undefined) return [];
  const message = 'the pod runs, and its sidecar has let the node through';
  return [{ type: 'PodRunning', status: 'True', reason: 'Running', message }];
}
