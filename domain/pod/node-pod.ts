/** Decides which pod is the node's. All code that takes a pod for evidence, or speaks to a sidecar, asks here. */
import type { NodeRef, ObjectKey } from '../node/node-ref.ts';
import { podNameOf } from '../node/node-ref.ts';
import type { PodView } from './pod-view.ts';
import { hasEnded } from './pod-view.ts';

/** Names one StatefulSet; that of a node has the node's name. */
export type StatefulSetRef = NodeRef;

/**
 * Returns whether the pod is the one that the StatefulSet makes for its node. Its controller reference
 * alone proves nothing: anybody who may create pods can write one, with any label. The name is different:
 * it is taken as long as the node's pod exists.
 *
 * @param statefulSet undefined if the node has none.
 */
export function isNodePod(pod: PodView, statefulSet: StatefulSetRef | undefined): boolean {
  return (
    statefulSet !== undefined &&
    pod.statefulSetUid === statefulSet.uid &&
    hasNodePodName(pod, statefulSet)
  );
}

/**
 * Returns whether the pod has the name of the node's only pod, whoever controls it: the next pod has to wait for it.
 */
export function hasNodePodName(pod: PodView, node: ObjectKey): boolean {
  return pod.namespace === node.namespace && pod.name === podNameOf(node);
}

/**
 * Returns whether the StatefulSet's controller has made the pod beside the node's, for other ordinals or
 * more replicas. The controller deletes it on its own, once the node's pod is ready.
 */
export function isSurplusPod(pod: PodView, statefulSet: StatefulSetRef): boolean {
  const { namespace, name, uid } = statefulSet;
  if (pod.namespace !== namespace || pod.statefulSetUid !== uid) return false;
  const ordinal = pod.name.startsWith(`${name}-`) ? pod.name.slice(name.length + 1) : '';
  return /^\d+$/.test(ordinal) && !hasNodePodName(pod, statefulSet);
}

/** The state of a pod that somebody looked at before. */
export type PodPresence =
  | 'there'
  /** It has another address: another pod may have the earlier address by now. */
  | 'moved'
  /** It is gone, going or has ended: another pod may have its address by now. */
  | 'lost';

/**
 * Compares a pod that somebody looked at before with the live one.
 *
 * @param live the pod that a live read finds under the name now.
 */
export function presenceOf(pod: PodView, live: PodView | undefined): PodPresence {
  const isLost = live?.uid !== pod.uid || live.deletionTimestamp !== undefined || hasEnded(live);
  if (isLost) return 'lost';
  return live.ip === pod.ip ? 'there' : 'moved';
}
