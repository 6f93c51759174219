import type { PodView } from './pod-view.ts';
import { containerOf, SEID_CONTAINER, SIDECAR_CONTAINER } from './pod-view.ts';
import type { RunningPod } from './running-pod.ts';
import type { ObservedPod, SeiNodeStatus } from './sei-node-status.ts';
import type { SeiNode } from './sei-node.ts';
import type { StatefulSetView } from './stateful-set-view.ts';

/** The images that a StatefulSet's template asks for. */
export interface TemplateImages {
  readonly image: string;
  readonly sidecarImage: string | undefined;
}

export interface ObservedRollout {
  readonly pod: RunningPod;
  /** What the pod's template asks for; undefined for a pod of an older template, which is not known. */
  readonly template: TemplateImages | undefined;
}

/**
 * What status says of the images, given the pod that runs: what its template asks for, and what admission
 * made of that. Where the template is not known any more, status keeps what it says of the same pod, and of
 * another pod only its own names are left.
 */
export function observedImages(
  before: SeiNodeStatus | undefined,
  { pod, template }: ObservedRollout,
): Pick<SeiNodeStatus, 'currentImage' | 'currentSidecarImage' | 'pod'> {
  // An edit of the pod that is known must still be seen as one.
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

/** The images of the template that the pod was made of; undefined where that is not the newest. */
export function templateOf(
  pod: PodView,
  statefulSet: StatefulSetView | undefined,
): TemplateImages | undefined {
  if (statefulSet === undefined) return undefined;
  const template = templateImages(statefulSet);
  return isOfTemplate(pod, statefulSet, template?.image) ? template : undefined;
}

/** The images that a StatefulSet's template asks for; undefined where it has no container seid. */
export function templateImages({
  templateImage: image,
  templateSidecarImage: sidecarImage,
}: StatefulSetView): TemplateImages | undefined {
  return image === undefined ? undefined : { image, sidecarImage };
}

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
