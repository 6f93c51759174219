/** The tasks of a sidecar, and how a round of asking for one ends. */

import type { StallChange } from '../../domain/node/stall.ts';
import type { RunningPod } from '../../domain/pod/running-pod.ts';
import type { IdentifiedTask } from '../../domain/sidecar/identified-tasks.ts';
import type { NodeGone, Stallable, Superseded } from './plan.ts';
import type { RolloutInput } from './rollout.ts';

/** A task for the sidecar of the very pod that was observed. */
export interface SidecarRoundInput extends RolloutInput, Stallable {
  readonly pod: RunningPod;
  /** Made by the workflow, and recorded on status before it is submitted. */
  readonly taskId: string;
}

/** The ends of a round before the sidecar has done its task. */
export type SidecarRoundEnd =
  | NodeGone
  | Superseded
  | StallChange
  /** The sidecar no longer knows the task: the round has to be repeated with a new id. */
  | { readonly kind: 'forgotten' }
  | {
      readonly kind: 'task-failed';
      readonly error: string;
      /** The number of the failed run of the task, from 1; undefined for a task that is never run again. */
      readonly run?: number;
    }
  /** The pod was replaced meanwhile: the rollout has to be observed again. */
  | { readonly kind: 'pod-lost' };

export type MarkReadyInput = SidecarRoundInput;

export type MarkReadyResult = SidecarRoundEnd | { readonly kind: 'ready' };

export interface RunSidecarTaskInput extends SidecarRoundInput {
  /** Identifies the task by type and id; the plan on status says what it does. */
  readonly task: IdentifiedTask;
  /** The run whose failure the workflow has seen: the task is run again after it. */
  readonly failedRun: number | undefined;
}

export type RunSidecarTaskResult =
  | SidecarRoundEnd
  | { readonly kind: 'done' }
  /** seid works on the volume already, so no task is begun beside it. */
  | { readonly kind: 'let-through' }
  /** The sidecar refused the task: it does not know the type, or its store is out of order. */
  | { readonly kind: 'refused'; readonly error: string };
