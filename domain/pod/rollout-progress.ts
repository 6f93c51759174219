import type { ObjectKey } from '../node/node-ref.ts';
import { hasNodePodName, isNodePod } from './node-pod.ts';
import type { EventSubject } from './object-event.ts';
import type { AppliedStatefulSet } from './pod-replacement.ts';
import { isRevisionKnown } from './pod-replacement.ts';
import type { PodTrouble } from './pod-trouble.ts';
import { podTrouble } from './pod-trouble.ts';
import type { PodView } from './pod-view.ts';
import type { RunningPod } from './running-pod.ts';
import { runningPod } from './running-pod.ts';
import type { StatefulSetView } from './stateful-set-view.ts';

export type RolloutProgress =
  | { readonly kind: 'complete'; readonly pod: RunningPod }
  | {
      readonly kind: 'progressing';
      readonly updated: number;
      readonly desired: number;
      readonly waitingFor: string;
      /** The object whose Events may explain the wait; undefined if status says everything. */
      readonly subject: EventSubject | undefined;
    }
  | { readonly kind: 'blocked'; readonly trouble: PodTrouble };

/** The revision of the awaited pod: the newest one, or any if no roll is under way. */
export type AwaitedRevision = 'newest' | 'any';

/**
 * Returns how far the rollout of an applied StatefulSet has come.
 *
 * It is complete once the seid container of the awaited pod has started. Readiness does not count: a node that halts
 * at an upgrade height is unready on purpose, and the pod stays unready until mark-ready, which comes later.
 *
 * @param nowMs milliseconds since the epoch.
 */
export function rolloutProgress(
  revision: AwaitedRevision,
  applied: AppliedStatefulSet,
  statefulSet: StatefulSetView | undefined,
  pods: readonly PodView[],
  nowMs: number,
): RolloutProgress {
  if (statefulSet === undefined || statefulSet.uid !== applied.uid) {
    return progressing(0, 1, 'the StatefulSet to exist');
  }
  const { updatedReplicas, replicas, updateRevision } = statefulSet;
  const isNewest = revision === 'newest';
  if (isNewest && !isRevisionKnown(applied, statefulSet)) {
    return progressing(0, replicas, 'the StatefulSet controller to see the new template');
  }
  const awaited = pods.find(
    (pod) =>
      isNodePod(pod, statefulSet) &&
      pod.deletionTimestamp === undefined &&
      (!isNewest || pod.revision === updateRevision),
  );
  const running = awaited === undefined ? undefined : runningPod(awaited);
  if (running !== undefined && (!isNewest || updatedReplicas >= replicas)) {
    return { kind: 'complete', pod: running };
  }
  return notYet(statefulSet, awaited, leavingOf(statefulSet, pods), nowMs);
}

/**
 * Returns the node's pods that somebody deletes, also those of an earlier StatefulSet: the next pod gets
 * the name only once they are gone. Ignores other troubles of an outdated pod: they go with it, and a cache
 * may not show yet that it was deleted.
 */
function leavingOf(node: ObjectKey, pods: readonly PodView[]): readonly PodView[] {
  return pods.filter((pod) => hasNodePodName(pod, node) && pod.deletionTimestamp !== undefined);
}

/** Returns what the rollout waits for, or the trouble that blocks it. */
function notYet(
  statefulSet: StatefulSetView,
  newest: PodView | undefined,
  leaving: readonly PodView[],
  nowMs: number,
): RolloutProgress {
  for (const pod of newest === undefined ? leaving : [newest]) {
    const trouble = podTrouble(pod, nowMs);
    if (trouble !== undefined) return { kind: 'blocked', trouble };
  }
  const { updatedReplicas, replicas } = statefulSet;
  return progressing(
    updatedReplicas,
    replicas,
    waitingFor(leaving, newest),
    subjectOf(statefulSet, newest, leaving),
  );
}

function subjectOf(
  statefulSet: StatefulSetView,
  newest: PodView | undefined,
  leaving: readonly PodView[],
): EventSubject | undefined {
  if (newest !== undefined) {
    // Once a container has started, everything is mounted, and the pod's status says the rest.
    const isMounted = newest.containers.some(({ hasStarted }) => hasStarted);
    return isMounted ? undefined : subject('Pod', newest);
  }
  return leaving.length === 0 ? subject('StatefulSet', statefulSet) : undefined;
}

function subject(
  kind: EventSubject['kind'],
  { namespace, name, uid }: Omit<EventSubject, 'kind'>,
): EventSubject {
  return { kind, namespace, name, uid };
}

function progressing(
  updated: number,
  desired: number,
  waitingFor: string,
  whose?: EventSubject,
): RolloutProgress {
  return { kind: 'progressing', updated, desired, waitingFor, subject: whose };
}

function waitingFor(leaving: readonly PodView[], newest: PodView | undefined): string {
  if (newest !== undefined) {
    const waiting = newest.containers.find((container) => !container.hasStarted);
    return waiting === undefined
      ? `the StatefulSet controller to count pod ${newest.name}`
      : `container ${waiting.name} of pod ${newest.name} (${newest.phase}) to start`;
  }
  const [terminating] = leaving;
  return terminating === undefined
    ? 'the new pod to be created'
    : `pod ${terminating.name} to terminate, by ${terminating.deletionTimestamp ?? 'the end of its grace'}`;
}

/**
 * Describes the progress in one line for heartbeats and details: `0/1 updated, waiting for container seid
 * of pod n0-0 (Pending) to start`.
 */
export function describeProgress(progress: RolloutProgress): string {
  switch (progress.kind) {
    case 'complete':
      return `pod ${progress.pod.name} runs ${progress.pod.image}`;
    case 'progressing':
      return `${progress.updated}/${progress.desired} updated, waiting for ${progress.waitingFor}`;
    case 'blocked':
      return `blocked: ${progress.trouble.reason}: ${progress.trouble.message}`;
  }
}
