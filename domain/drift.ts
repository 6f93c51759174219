import { isConditionTrue } from './condition.ts';
import { hasFailedUpdate } from './failed-update.ts';
import { isEditedPod, isOfTemplate } from './observed-pod.ts';
import type { PodView } from './pod-view.ts';
import { containerOf, SEID_CONTAINER, SIDECAR_CONTAINER } from './pod-view.ts';
import type { SeiNode } from './sei-node.ts';
import type { StatefulSetView } from './stateful-set-view.ts';
import type { Target } from './target.ts';
import { ownSidecarImage } from './target.ts';

/** Why a Running node has to be rolled. */
export type Drift =
  | { readonly kind: 'image'; readonly current: string | undefined; readonly wanted: string }
  | { readonly kind: 'sidecar-image'; readonly current: string; readonly wanted: string }
  /** An update began and nobody recorded its end: its run was terminated or its history lost. */
  | { readonly kind: 'unfinished-update' }
  /** Status says that the target runs, the pod says otherwise: seen when A → B went back to A. */
  | { readonly kind: 'pod-image'; readonly pod: string; readonly wanted: string }
  /** The pod has lost the label that says of which template it was made: nothing it runs is evidence. */
  | { readonly kind: 'pod-revision'; readonly pod: string };

export interface DriftPolicy {
  /**
   * Whether a changed sidecar image of the installation rolls the nodes whose spec names none.
   * Off by default: an upgrade of the operator restarts no pod.
   */
  readonly rollOnPlatformSidecarImage: boolean;
}

/** Whether the node's sidecar image is one that somebody asked for, so that it may cause a roll. */
export function isSidecarImageBinding(node: SeiNode, policy: DriftPolicy): boolean {
  return ownSidecarImage(node) !== undefined || policy.rollOnPlatformSidecarImage;
}

/**
 * What separates a node from its target; empty for a node that needs no roll.
 *
 * @param pods the pods of the node's StatefulSet; one that is being deleted is no evidence.
 * @param statefulSet undefined where it was not looked at.
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
  // A node that the original operator ran may have no recorded sidecar image: unknown is not drift.
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
  // A pod of another image than status names is news only where status claims the target.
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

/** Whether the last update failed after its image had started: it is not over until it completes. */
function hasFailedOn({ status }: SeiNode, { image }: Target): boolean {
  return (
    hasFailedUpdate(status) && status?.plan?.targetImage === image && status.currentImage === image
  );
}

/**
 * Whether the pod's images are what the StatefulSet controller and admission made of the template, so
 * that a name that differs from the target's is no drift: a mirror's, or a digest for a tag.
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

/** One clause for a condition message, such as `seid v1 -> v2`. */
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
