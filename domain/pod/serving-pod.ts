import type { SeiNode } from '../node/sei-node.ts';
import { isNodePod } from './node-pod.ts';
import type { PodView } from './pod-view.ts';
import { runningPod } from './running-pod.ts';

/** Returns whether a pod should serve; a paused node, and one that is not brought up yet, has none. */
export function mayServe({ spec, status }: SeiNode): boolean {
  return spec.paused !== true && status?.phase === 'Running';
}

/** Returns the node's own pods: one, unless a watch lags. Others merely carry its label. */
export function ownPods(
  { metadata, status }: SeiNode,
  pods: readonly PodView[],
): readonly PodView[] {
  const { namespace, name } = metadata;
  const uid = status?.statefulSet?.uid;
  return uid === undefined ? [] : pods.filter((pod) => isNodePod(pod, { namespace, name, uid }));
}

/**
 * Returns the pod whose sidecar says if the node is let through: one of the node's StatefulSet that has started and
 * that nobody deletes. Undefined for a node that is paused, not Running, or tracks no StatefulSet.
 */
export function servingPod(node: SeiNode, pods: readonly PodView[]): PodView | undefined {
  if (!mayServe(node)) return undefined;
  return ownPods(node, pods).find(isStarted);
}

/** Returns whether seid has started in a pod that will stay. */
export function isStarted(pod: PodView): boolean {
  return pod.deletionTimestamp === undefined && runningPod(pod) !== undefined;
}
