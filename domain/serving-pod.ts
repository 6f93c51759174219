import type { PodView } from './pod-view.ts';
import { runningPod } from './rollout.ts';
import type { SeiNode } from './sei-node.ts';

/** Whether there is to be a pod that serves; a paused node, and one yet to be brought up, has none. */
export function mayServe({ spec, status }: SeiNode): boolean {
  return spec.paused !== true && status?.phase === 'Running';
}

/** The pods of the StatefulSet that the node tracks; others merely carry the node's label. */
export function ownPods({ status }: SeiNode, pods: readonly PodView[]): readonly PodView[] {
  const tracked = status?.statefulSet?.uid;
  return tracked === undefined ? [] : pods.filter((pod) => pod.statefulSetUid === tracked);
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
