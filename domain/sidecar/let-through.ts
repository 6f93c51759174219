import type { StatefulSetRef } from '../pod/node-pod.ts';
import { isNodePod } from '../pod/node-pod.ts';
import type { PodView } from '../pod/pod-view.ts';
import { containerOf, SEID_CONTAINER } from '../pod/pod-view.ts';
import { isStarted } from '../pod/serving-pod.ts';
import type { SidecarState } from './sidecar-state.ts';

/**
 * Returns the pod that may serve already: it has started, nobody deletes it, and its StatefulSet is the
 * node's or is about to become so.
 *
 * @param statefulSet the tracked one or, if none is tracked, the one that has the node's name.
 */
export function startedPod(
  pods: readonly PodView[],
  statefulSet: StatefulSetRef | undefined,
): PodView | undefined {
  return pods.find((pod) => isNodePod(pod, statefulSet) && isStarted(pod));
}

/**
 * Returns whether the pod's seid has been let through: it works on the data volume, and a task of a
 * bring-up would write beside it. The sidecar says so until it restarts; the startup probe of seid asks the
 * same question, and its answer stays as long as seid runs.
 */
export function isLetThrough(pod: PodView, sidecar: SidecarState): boolean {
  return sidecar === 'ready' || containerOf(pod, SEID_CONTAINER)?.passedStartup === true;
}
