/** How objects are applied, a pod replaced, and what comes of it. */
import type { ConfigPatch } from '../../domain/config-patch.ts';
import type { AppliedStatefulSet } from '../../domain/pod-replacement.ts';
import type { AwaitedRevision } from '../../domain/rollout.ts';
import type { RunningPod } from '../../domain/running-pod.ts';
import type {
  AttemptInput,
  NodeGone,
  PlanRef,
  StallChange,
  Stallable,
  Superseded,
} from './plan.ts';

export type ApplyStatefulSetResult =
  | NodeGone
  | Superseded
  | { readonly kind: 'applied'; readonly statefulSet: AppliedStatefulSet }
  /** The identity was cleared, and what had the name deleted: nothing is applied in that pass. */
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
  /** What begin has found to be patched, for people who read the history: the live spec says what is. */
  readonly files: ConfigPatch;
}

export type ConfigPatchResult =
  | { readonly kind: 'patched' }
  | { readonly kind: 'skipped'; readonly reason: string };

export interface AwaitPodsGoneInput extends PlanRef, Stallable {
  /** Why no pod is to be left: the node is deleted, or its spec is paused. */
  readonly because: 'deleted' | 'paused';
}

export type AwaitPodsGoneResult =
  | NodeGone
  /** Of a pause: it is not asked for any more. */
  | Superseded
  | StallChange
  | { readonly kind: 'none-left' };
