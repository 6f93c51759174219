import type { ObservedPod, SeiNodeStatus } from '../node/sei-node-status.ts';
import type { SeiNode } from '../node/sei-node.ts';
import type { PodView } from './pod-view.ts';
import { containerOf, SEID_CONTAINER, SIDECAR_CONTAINER } from './pod-view.ts';
import type { RunningPod } from './running-pod.ts';
import type { StatefulSetView } from './stateful-set-view.ts';

/** The images that a StatefulSet's template asks for. */
export interface TemplateImages {
  readonly image: string;
  readonly sidecarImage: string | undefined;
}

export interface ObservedRollout {
  readonly pod: RunningPod;
  /** The images in the pod's template; undefined for a pod of an older template, which nobody knows any more. */
  readonly template: TemplateImages | undefined;
}

/**
 * Returns the images for status, given the pod that runs: those of its template, and those that admission
 * made of them. If nobody knows the template any more, status keeps its images for the same pod, and takes
 * those of another pod as they are.
 */
export function observedImages(
  before: SeiNodeStatus | undefined,
  { pod, template }: ObservedRollout,
): Pick<SeiNodeStatus, 'currentImage' | 'currentSidecarImage' | 'pod'> {
  // An edit of the known pod must still show as an edit.
  const known = before?.pod?.uid === pod.uid ? before.pod : undefined;
  if (template === undefined && before?.currentImage !== undefined && known !== undefined) {
    const { currentImage, currentSidecarImage } = before;
    return {
      currentImage,
      ...(currentSidecarImage !== undefined && { currentSidecarImage }),
      pod: known,
    };
  }
  return {
    currentImage: template?.image ?? pod.image,
    ...(pod.sidecarImage !== undefined && {
      currentSidecarImage: template?.sidecarImage ?? pod.sidecarImage,
    }),
    pod: known ?? observedPod(pod),
  };
}

/** Returns the images of the pod's template; undefined if that is not the newest. */
export function templateOf(
  pod: PodView,
  statefulSet: StatefulSetView | undefined,
): TemplateImages | undefined {
  if (statefulSet === undefined) return undefined;
  const template = templateImages(statefulSet);
  return isOfTemplate(pod, statefulSet, template?.image) ? template : undefined;
}

/** Returns the images in a StatefulSet's template; undefined if it has no container seid. */
export function templateImages({
  templateImage: image,
  templateSidecarImage: sidecarImage,
}: StatefulSetView): TemplateImages | undefined {
  return image === undefined ? undefined : { image, sidecarImage };
}

/** Returns a running pod in the form that status records. */
export function observedPod({ name, uid, image, sidecarImage }: RunningPod): ObservedPod {
  return { name, uid, image, ...(sidecarImage !== undefined && { sidecarImage }) };
}

/**
 * Returns whether somebody changed an image of the pod since it was observed. Admission rewrites images
 * when a pod is made, and status has recorded the result.
 */
export function isEditedPod(pod: PodView, observed: ObservedPod | undefined): boolean {
  if (observed === undefined || pod.uid !== observed.uid) return false;
  const sidecarImage = containerOf(pod, SIDECAR_CONTAINER)?.image;
  return (
    containerOf(pod, SEID_CONTAINER)?.image !== observed.image ||
    (observed.sidecarImage !== undefined && sidecarImage !== observed.sidecarImage)
  );
}

/** Returns whether the pod was made from the StatefulSet's newest template, and whether that has this image. */
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

/** Returns whether the pod is another one than status names, though it runs the image in status. */
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
