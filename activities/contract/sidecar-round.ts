/** What a sidecar is asked to do, and how that ends. */
import type { IdentifiedTask } from '../../domain/identified-tasks.ts';
import type { RunningPod } from '../../domain/running-pod.ts';
import type { NodeGone, StallChange, Stallable, Superseded } from './plan.ts';
import type { RolloutInput } from './rollout.ts';

/** A task for the sidecar of the very pod that was observed. */
export interface SidecarRoundInput extends RolloutInput, Stallable {
  readonly pod: RunningPod;
  /** Made by the workflow, and on status before it is submitted. */
  readonly taskId: string;
}

/** What ends a round before the sidecar has done its task. */
export type SidecarRoundEnd =
  | NodeGone
  | Superseded
  | StallChange
  /** The sidecar does not know the task any more: the round has to be repeated with a new id. */
  | { readonly kind: 'forgotten' }
  | {
      readonly kind: 'task-failed';
      readonly error: string;
      /** Which of the task's runs it was, from 1; undefined where it is never begun again. */
      readonly run?: number;
    }
  /** The pod was replaced meanwhile: the rollout has to be observed again. */
  | { readonly kind: 'pod-lost' };

export type MarkReadyInput = SidecarRoundInput;

export type MarkReadyResult = SidecarRoundEnd | { readonly kind: 'ready' };

export interface RunSidecarTaskInput extends SidecarRoundInput {
  /** Says which task, by type and id: what it is, the plan on status says. */
  readonly task: IdentifiedTask;
  /** The run of the task whose failure the workflow has heard of: that one is begun again. */
  readonly failedRun: number | undefined;
}

export type RunSidecarTaskResult =
  | SidecarRoundEnd
  | { readonly kind: 'done' }
  /** seid works on the volume already, so nothing is begun beside it. */
  | { readonly kind: 'let-through' }
  /** The sidecar did not take the task: it does not know its type, or its store is out of order. */
  | { readonly kind: 'refused'; readonly error: string };
