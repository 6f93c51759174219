/** How work ends, fails, is held up and is steered, as status has it. */
import type { DueWork } from '../../domain/due-work.ts';
import type { ProgressPolicy } from '../../domain/progress-deadline.ts';
import type { SidecarState } from '../../domain/sidecar-state.ts';
import type { Stall } from '../../domain/stall.ts';
import type { Command } from '../../domain/steering.ts';
import type { WorkFailure } from '../../domain/work-failure.ts';
import type { NodeGone, PlanRef } from './plan.ts';

export type FinishResult = NodeGone | { readonly kind: 'finished'; readonly due: DueWork };

export interface FinishInitInput extends PlanRef {
  /** The spec's generation that was brought up. */
  readonly generation: number;
}

export interface FailInput extends PlanRef {
  readonly failure: WorkFailure;
}

export interface FailInitInput extends FailInput {
  /** The spec's generation that the failed attempt had begun with; none where it failed to begin. */
  readonly generation?: number | undefined;
}

export interface StallInput extends PlanRef {
  /** Undefined ends the stall. */
  readonly trouble: Stall | undefined;
  /** Set once the progress deadline has passed. */
  readonly exceeded?: Stall | undefined;
}

export interface FinishSyncInput extends PlanRef {
  /** What the sidecar answered last; undefined when nobody asked. */
  readonly sidecar: SidecarState | undefined;
}

export interface SteerInput extends PlanRef {
  readonly command: Command;
  /** `deadline`: the run itself asks, for this plan and for as long as that is under way. */
  readonly by: 'somebody' | 'deadline';
}

/** What is known of a plan that may be late, from live reads. */
export interface ProgressChecked {
  readonly kind: 'checked';
  /** How far the pod has come; see `podStage`. */
  readonly stage: number;
  /** A pod of the node is being deleted and has time left: nobody is late while it takes that. */
  readonly isPodInGrace?: boolean;
  /** As the spec has it now. */
  readonly policy: ProgressPolicy;
  /** Why the plan cannot be rolled back by itself; undefined where it can. */
  readonly notRolledBack: string | undefined;
}

export type CheckProgressResult = NodeGone | ProgressChecked;
