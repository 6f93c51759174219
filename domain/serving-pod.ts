import type { PodView } from './pod-view.ts';
import { runningPod } from './rollout.ts';
import type { SeiNode } from './sei-node.ts';

/**
 * The pod whose sidecar tells whether the node is let through: of the node's StatefulSet, not being
 * deleted, and started. Undefined for a node that is paused, not Running, or tracks no StatefulSet.
 */
export function servingPod(node: SeiNode, pods: readonly PodView[]): PodView | undefined {
  if (node.spec.paused === true || node.status?.phase !== 'Running') return undefined;
  const tracked = node.status.statefulSet?.uid;
  if (tracked === undefined) return undefined;
  return pods.find(
    (pod) =>
      pod.statefulSetUid === tracked &&
      pod.deletionTimestamp === undefined &&
      runningPod(pod) !== undefined,
  );
}
