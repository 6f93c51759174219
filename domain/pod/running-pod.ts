import type { PodView } from './pod-view.ts';
import { containerOf, hasEnded, SEID_CONTAINER, SIDECAR_CONTAINER } from './pod-view.ts';

/** The images that ran in the node's pod: the only source of `status.currentImage`. */
export interface RunningPod {
  readonly name: string;
  readonly uid: string;
  readonly ip: string | undefined;
  readonly image: string;
  readonly sidecarImage: string | undefined;
}

/** Returns the pod as evidence, once its seid container has started. */
export function runningPod(pod: PodView): RunningPod | undefined {
  const seid = containerOf(pod, SEID_CONTAINER);
  if (seid === undefined || !seid.hasStarted || hasEnded(pod)) return undefined;
  return {
    name: pod.name,
    uid: pod.uid,
    ip: pod.ip,
    image: seid.image,
    sidecarImage: containerOf(pod, SIDECAR_CONTAINER)?.image,
  };
}
