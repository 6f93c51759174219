import type { ObservedPod } from '../node/sei-node-status.ts';
import type { Stall } from '../node/stall.ts';
import { isNodePod, isSurplusPod } from './node-pod.ts';
import type { TemplateImages } from './observed-pod.ts';
import { isEditedPod } from './observed-pod.ts';
import type { PodView } from './pod-view.ts';
import type { StatefulSetView } from './stateful-set-view.ts';

/** Names the exact StatefulSet, at least at the generation that our apply returned. */
export interface AppliedStatefulSet {
  readonly uid: string;
  readonly generation: number;
  /** The images in the template since then, as the answer to the apply had them; absent if nothing was applied. */
  readonly template?: TemplateImages;
}

export type PodReplacement =
  /** The StatefulSet controller has not yet named the revision that pods are compared with. */
  | { readonly kind: 'wait'; readonly waitingFor: string }
  /** Two pods with one signing key would double-sign, so more than one replica is not rolled. */
  | { readonly kind: 'refuse'; readonly replicas: number }
  /** The node's pod may not go while its StatefulSet has another one. */
  | { readonly kind: 'crowded'; readonly stall: Stall }
  | { readonly kind: 'replace'; readonly pods: readonly PodView[] }
  | { readonly kind: 'done' };

/**
 * Decides which pods have to go so that the StatefulSet (OnDelete) makes new ones.
 *
 * Decides for each pod by its own revision, never by `currentRevision`: under OnDelete the controller does
 * not advance that, so A → B → A would look finished and hang. A pod without a revision has lost its label,
 * and an edited one does not run what its revision says: both are replaced as well. Only the node's own pod
 * goes: one of another name is a matter for the StatefulSet controller, or forged.
 *
 * @param observed the pod that the node's status records.
 */
export function podReplacement(
  applied: AppliedStatefulSet,
  statefulSet: StatefulSetView | undefined,
  pods: readonly PodView[],
  observed?: ObservedPod,
): PodReplacement {
  if (statefulSet === undefined || statefulSet.uid !== applied.uid) {
    return { kind: 'wait', waitingFor: 'the StatefulSet to exist' };
  }
  if (statefulSet.replicas > 1) return { kind: 'refuse', replicas: statefulSet.replicas };
  if (!isRevisionKnown(applied, statefulSet)) {
    return { kind: 'wait', waitingFor: 'the StatefulSet controller to see the new template' };
  }
  const outdated = pods.filter(
    (pod) =>
      isNodePod(pod, statefulSet) &&
      pod.deletionTimestamp === undefined &&
      (pod.revision !== statefulSet.updateRevision || isEditedPod(pod, observed)),
  );
  const [pod] = outdated;
  if (pod === undefined) return { kind: 'done' };
  const surplus = pods.find((candidate) => isSurplusPod(candidate, statefulSet));
  return surplus === undefined
    ? { kind: 'replace', pods: outdated }
    : { kind: 'crowded', stall: crowdedStall(statefulSet, pod, surplus) };
}

/**
 * Returns the stall while a second pod is left. It mounts the same keys and the same volume, which it would
 * take from the successor, and its controller deletes it only while the node's pod is ready.
 */
function crowdedStall({ name }: StatefulSetView, pod: PodView, surplus: PodView): Stall {
  const end =
    surplus.deletionTimestamp === undefined
      ? `its controller deletes that once ${pod.name} is ready; if that cannot be, delete pod ${surplus.name} yourself`
      : 'that is being deleted';
  return {
    reason: 'SurplusPod',
    message: `pod ${pod.name} stays while StatefulSet ${name} has pod ${surplus.name} as well: ${end}`,
  };
}

/** Returns whether `updateRevision` belongs to the template that we applied, or to a later one. */
export function isRevisionKnown(
  applied: AppliedStatefulSet,
  statefulSet: StatefulSetView,
): boolean {
  return (
    statefulSet.generation >= applied.generation &&
    statefulSet.observedGeneration >= statefulSet.generation &&
    statefulSet.updateRevision !== undefined &&
    statefulSet.updateRevision !== ''
  );
}

/**
 * Returns whether somebody has given the StatefulSet other images since our apply. No pod may go for them,
 * and a pod that runs them is no evidence: the apply has to be repeated.
 */
export function isOtherTemplate(
  { uid, generation, template }: AppliedStatefulSet,
  statefulSet: StatefulSetView | undefined,
): boolean {
  if (template === undefined || statefulSet?.uid !== uid) return false;
  const { templateImage, templateSidecarImage } = statefulSet;
  const isSame = templateImage === template.image && templateSidecarImage === template.sidecarImage;
  // A cache may still show the template from before.
  return statefulSet.generation > generation && !isSame;
}
