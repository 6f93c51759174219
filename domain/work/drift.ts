import { isConditionTrue } from '../node/condition.ts';
import { hasFailedUpdate } from '../node/failed-update.ts';
import type { SeiNode } from '../node/sei-node.ts';
import type { Target } from '../node/target.ts';
import { ownSidecarImage } from '../node/target.ts';
import { isEditedPod, isOfTemplate } from '../pod/observed-pod.ts';
import type { PodView } from '../pod/pod-view.ts';
import { containerOf, SEID_CONTAINER, SIDECAR_CONTAINER } from '../pod/pod-view.ts';
import type { StatefulSetView } from '../pod/stateful-set-view.ts';

/** A reason to roll a Running node. */
export type Drift =
  | { readonly kind: 'image'; readonly current: string | undefined; readonly wanted: string }
  | { readonly kind: 'sidecar-image'; readonly current: string; readonly wanted: string }
  /** An update began and nobody recorded its end: its run was terminated or its history lost. */
  | { readonly kind: 'unfinished-update' }
  /** Status says that the target runs, and the pod says otherwise: happens when A → B went back to A. */
  | { readonly kind: 'pod-image'; readonly pod: string; readonly wanted: string }
  /** The pod has lost the label that names its template, so nothing that it runs is evidence. */
  | { readonly kind: 'pod-revision'; readonly pod: string };

export interface DriftPolicy {
  /**
   * True if a changed sidecar image of the installation rolls the nodes whose spec names none. Off by
   * default: an upgrade of the operator restarts no pod.
   */
  readonly rollOnPlatformSidecarImage: boolean;
}

/** Returns whether somebody asked for the node's sidecar image, so that a change of it may cause a roll. */
export function isSidecarImageBinding(node: SeiNode, policy: DriftPolicy): boolean {
  return ownSidecarImage(node) !== undefined || policy.rollOnPlatformSidecarImage;
}

/**
 * Returns the drift between a node and its target; empty for a node that needs no roll.
 *
 * @param pods the pods of the node's StatefulSet; one that is being deleted is no evidence.
 * @param statefulSet undefined if nobody looked at it.
 */
export function driftOf(
  node: SeiNode,
  pods: readonly PodView[],
  target: Target,
  policy: DriftPolicy,
  statefulSet?: StatefulSetView,
): readonly Drift[] {
  const drifts: Drift[] = [];
  const { currentImage, currentSidecarImage, conditions } = node.status ?? {};
  if (currentImage !== target.image) {
    drifts.push({ kind: 'image', current: currentImage, wanted: target.image });
  }
  const sidecarBinds = isSidecarImageBinding(node, policy);
  // A node that the original operator ran may have no recorded sidecar image: an unknown one is no drift.
  if (
    sidecarBinds &&
    currentSidecarImage !== undefined &&
    currentSidecarImage !== '' &&
    currentSidecarImage !== target.sidecarImage
  ) {
    drifts.push({
      kind: 'sidecar-image',
      current: currentSidecarImage,
      wanted: target.sidecarImage,
    });
  }
  if (isConditionTrue(conditions, 'NodeUpdateInProgress') || hasFailedOn(node, target)) {
    drifts.push({ kind: 'unfinished-update' });
  }
  // A pod whose image differs from status matters only where status claims the target.
  if (drifts.length > 0) return drifts;
  for (const pod of pods) {
    if (pod.deletionTimestamp !== undefined) continue;
    if (pod.revision === undefined) {
      drifts.push({ kind: 'pod-revision', pod: pod.name });
      continue;
    }
    if (isEditedPod(pod, node.status?.pod)) {
      drifts.push({ kind: 'pod-image', pod: pod.name, wanted: target.image });
      continue;
    }
    if (isAsMade(pod, node, target, statefulSet)) continue;
    const image = containerOf(pod, SEID_CONTAINER)?.image;
    const sidecarImage = containerOf(pod, SIDECAR_CONTAINER)?.image;
    if (image !== undefined && image !== target.image) {
      drifts.push({ kind: 'pod-image', pod: pod.name, wanted: target.image });
    } else if (sidecarBinds && sidecarImage !== undefined && sidecarImage !== target.sidecarImage) {
      drifts.push({ kind: 'pod-image', pod: pod.name, wanted: target.sidecarImage });
    }
  }
  return drifts;
}

/** Returns whether the last update failed after its image had started: it is not over until it completes. */
function hasFailedOn({ status }: SeiNode, { image }: Target): boolean {
  return (
    hasFailedUpdate(status) && status?.plan?.targetImage === image && status.currentImage === image
  );
}

/**
 * Returns whether the pod has the images that the StatefulSet controller and admission made of the template. A name
 * that differs from the target's is then no drift: it is a mirror's, or a digest for a tag.
 */
function isAsMade(
  pod: PodView,
  { status }: SeiNode,
  { image }: Target,
  statefulSet: StatefulSetView | undefined,
): boolean {
  if (pod.uid === status?.pod?.uid) return true;
  return statefulSet !== undefined && isOfTemplate(pod, statefulSet, image);
}

/** Describes the drift in one clause for a condition message, such as `seid v1 -> v2`. */
export function describeDrift(drift: Drift): string {
  switch (drift.kind) {
    case 'image':
      return `seid ${drift.current ?? '(none)'} -> ${drift.wanted}`;
    case 'sidecar-image':
      return `sidecar ${drift.current} -> ${drift.wanted}`;
    case 'unfinished-update':
      return 'an earlier update did not record its end';
    case 'pod-image':
      return `pod ${drift.pod} does not run ${drift.wanted}`;
    case 'pod-revision':
      return `pod ${drift.pod} has lost its label controller-revision-hash`;
  }
}
