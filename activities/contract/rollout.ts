/** The inputs and answers of applying objects, replacing a pod, and observing the outcome. */

import type { StallChange } from '../../domain/node/stall.ts';
import type { AppliedStatefulSet } from '../../domain/pod/pod-replacement.ts';
import type { AwaitedRevision } from '../../domain/pod/rollout-progress.ts';
import type { RunningPod } from '../../domain/pod/running-pod.ts';
import type { ConfigPatch } from '../../domain/sidecar/config-patch.ts';
import type { AttemptInput, NodeGone, PlanRef, Stallable, Superseded } from './plan.ts';

export type ApplyStatefulSetResult =
  | NodeGone
  | Superseded
  | { readonly kind: 'applied'; readonly statefulSet: AppliedStatefulSet }
  /** The identity was cleared, and the object that had the name was deleted: this pass applies nothing. */
  | { readonly kind: 'again' }
  /** Another node has what the pod would mount: nothing is applied. */
  | { readonly kind: 'mounts-in-use' };

export interface AwaitMountsInput extends AttemptInput, Stallable {}

export type AwaitMountsResult = NodeGone | Superseded | StallChange | { readonly kind: 'free' };

export interface RolloutInput extends AttemptInput {
  readonly statefulSet: AppliedStatefulSet;
}

export interface ReplacePodInput extends RolloutInput, Stallable {}

export type ReplacePodResult =
  | NodeGone
  | Superseded
  | StallChange
  | { readonly kind: 'replaced'; readonly pods: readonly string[] };

export interface ObserveImageInput extends RolloutInput, Stallable {
  /** `any`: no roll is under way, so the pod may run an older template. */
  readonly revision: AwaitedRevision;
  /** The id of the task mark-ready that comes next, recorded before it is submitted. */
  readonly markReadyId?: string;
}

export type ObserveImageResult =
  | NodeGone
  | Superseded
  | StallChange
  | { readonly kind: 'complete'; readonly pod: RunningPod };

export interface ConfigPatchInput extends RolloutInput {
  /** Made by the workflow. */
  readonly taskId: string;
  /** The patch that the beginning found, for people who read the history; the activity takes it from the live spec. */
  readonly files: ConfigPatch;
}

export type ConfigPatchResult =
  | { readonly kind: 'patched' }
  | { readonly kind: 'skipped'; readonly reason: string };

export interface AwaitPodsGoneInput extends PlanRef, Stallable {
  /** The reason why no pod may be left: the node is deleted, or its spec is paused. */
  readonly because: 'deleted' | 'paused';
}

export type AwaitPodsGoneResult =
  | NodeGone
  /** The spec no longer asks for the pause. */
  | Superseded
  | StallChange
  | { readonly kind: 'none-left' };
