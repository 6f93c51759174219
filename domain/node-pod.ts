/** Which pod is the node's: whoever reads pods as evidence, or speaks to a sidecar, asks here. */
import type { NodeRef, ObjectKey } from './node-ref.ts';
import { podNameOf } from './node-ref.ts';
import type { PodView } from './pod-view.ts';
import { hasEnded } from './pod-view.ts';

/** Names one StatefulSet; a node's has the node's name. */
export type StatefulSetRef = NodeRef;

/**
 * Whether the pod is the one that the StatefulSet makes for its node. Its controller reference alone proves
 * nothing: whoever may create pods can write one, with any label, while the name is taken as long as the
 * node's pod is there.
 *
 * @param statefulSet undefined where the node has none.
 */
export function isNodePod(pod: PodView, statefulSet: StatefulSetRef | undefined): boolean {
  return (
    statefulSet !== undefined &&
    pod.statefulSetUid === statefulSet.uid &&
    hasNodePodName(pod, statefulSet)
  );
}

/** Whether the pod has the name of the node's only pod, whoever controls it: the next one waits for it. */
export function hasNodePodName(pod: PodView, node: ObjectKey): boolean {
  return pod.namespace === node.namespace && pod.name === podNameOf(node);
}

/**
 * Whether the StatefulSet's controller has made the pod beside the node's, for other ordinals or more
 * replicas. The controller takes it away by itself, once the node's pod is ready.
 */
export function isSurplusPod(pod: PodView, statefulSet: StatefulSetRef): boolean {
  const { namespace, name, uid } = statefulSet;
  if (pod.namespace !== namespace || pod.statefulSetUid !== uid) return false;
  const ordinal = pod.name.startsWith(`${name}-`) ? pod.name.slice(name.length + 1) : '';
  return /^\d+$/.test(ordinal) && !hasNodePodName(pod, statefulSet);
}

/** What has become of a pod since it was looked at. */
export type PodPresence =
  | 'there'
  /** It has another address: one that was found before may be another pod's by now. */
  | 'moved'
  /** It is gone, going or has ended: its address may be another pod's by now. */
  | 'lost';

/** @param live what a live read finds under the pod's name now. */
export function presenceOf(pod: PodView, live: PodView | undefined): PodPresence {
  const isLost = live?.uid !== pod.uid || live.deletionTimestamp !== undefined || hasEnded(live);
  if (isLost) return 'lost';
  return live.ip === pod.ip ? 'there' : 'moved';
}
