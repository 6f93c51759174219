import type { PodView } from './pod-view.ts';
import { containerOf, SEID_CONTAINER, SIDECAR_CONTAINER } from './pod-view.ts';
import type { RunningPod } from './rollout.ts';
import type { ObservedPod, SeiNode } from './sei-node.ts';
import type { StatefulSetView } from './stateful-set-view.ts';

/** A running pod as status records it. */
export function observedPod({ name, uid, image, sidecarImage }: RunningPod): ObservedPod {
  return { name, uid, image, ...(sidecarImage !== undefined && { sidecarImage }) };
}

/**
 * Whether somebody changed an image of the pod since it was observed. Admission rewrites images when a
 * pod is made, and then status has recorded what it made of them.
 */
export function isEditedPod(pod: PodView, observed: ObservedPod | undefined): boolean {
  if (observed === undefined || pod.uid !== observed.uid) return false;
  const sidecarImage = containerOf(pod, SIDECAR_CONTAINER)?.image;
  return (
    containerOf(pod, SEID_CONTAINER)?.image !== observed.image ||
    (observed.sidecarImage !== undefined && sidecarImage !== observed.sidecarImage)
  );
}

/** Whether the pod was made of the StatefulSet's newest template, and that asks for this image. */
export function isOfTemplate(
  pod: PodView,
  { generation, observedGeneration, updateRevision, templateImage }: StatefulSetView,
  image: string | undefined,
): boolean {
  return (
    observedGeneration >= generation &&
    pod.revision !== undefined &&
    pod.revision === updateRevision &&
    templateImage === image
  );
}

/** Whether the pod is another one than status names, though it runs the image that status names. */
export function isUnrecordedPod(
  { status }: SeiNode,
  pod: PodView,
  statefulSet: StatefulSetView | undefined,
): boolean {
  return (
    statefulSet !== undefined &&
    pod.uid !== status?.pod?.uid &&
    isOfTemplate(pod, statefulSet, status?.currentImage)
  );
}
