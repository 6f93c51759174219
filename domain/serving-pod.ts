import { isNodePod } from './node-pod.ts';
import type { PodView } from './pod-view.ts';
import { runningPod } from './running-pod.ts';
import type { SeiNode } from './sei-node.ts';

/** Whether there is to be a pod that serves; a paused node, and one yet to be brought up, has none. */
export function mayServe({ spec, status }: SeiNode): boolean {
  return spec.paused !== true && status?.phase === 'Running';
}

/** Those that are the node's pod: one, but for what a watch shows late. Others merely carry its label. */
export function ownPods(
  { metadata, status }: SeiNode,
  pods: readonly PodView[],
): readonly PodView[] {
  const { namespace, name } = metadata;
  const uid = status?.statefulSet?.uid;
  return uid === undefined ? [] : pods.filter((pod) => isNodePod(pod, { namespace, name, uid }));
}

/**
 * The pod whose sidecar tells whether the node is let through: of the node's StatefulSet, not being
 * deleted, and started. Undefined for a node that is paused, not Running, or tracks no StatefulSet.
 */
export function servingPod(node: SeiNode, pods: readonly PodView[]): PodView | undefined {
  if (!mayServe(node)) return undefined;
  return ownPods(node, pods).find(isStarted);
}

/** Whether seid has started in a pod that is to stay. */
export function isStarted(pod: PodView): boolean {
  return pod.deletionTimestamp === undefined && runningPod(pod) !== undefined;
}
