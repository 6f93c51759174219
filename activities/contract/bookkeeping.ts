/** The ends, failures, stalls and commands of work, as status records them. */

import type { WorkFailure } from '../../domain/failure/work-failure.ts';
import type { ShownStall, Stall } from '../../domain/node/stall.ts';
import type { Command } from '../../domain/plan/steering.ts';
import type { SidecarState } from '../../domain/sidecar/sidecar-state.ts';
import type { DueWork } from '../../domain/work/due-work.ts';
import type { ProgressPolicy } from '../../domain/work/progress-deadline.ts';
import type { NodeGone, PlanRef } from './plan.ts';

export type FinishResult = NodeGone | { readonly kind: 'finished'; readonly due: DueWork };

export interface FinishInitInput extends PlanRef {
  /** The generation of the spec that was brought up. */
  readonly generation: number;
}

export interface FailInput extends PlanRef {
  readonly failure: WorkFailure;
}

export interface FailInitInput extends FailInput {
  /** The generation that the failed attempt began with; absent if it failed to begin. */
  readonly generation?: number | undefined;
}

export interface StallInput extends PlanRef {
  /** Undefined ends the stall. */
  readonly trouble: ShownStall | undefined;
  /** Set once the progress deadline has passed. */
  readonly exceeded?: Stall | undefined;
}

export interface FinishSyncInput extends PlanRef {
  /** The sidecar's last answer; undefined when nobody asked. */
  readonly sidecar: SidecarState | undefined;
}

export interface SteerInput extends PlanRef {
  readonly command: Command;
  /** `deadline`: the run itself asks, for this plan, while it is under way. */
  readonly by: 'somebody' | 'deadline';
}

/** The progress of a plan that may be late, from live reads. */
export interface ProgressChecked {
  readonly kind: 'checked';
  /** The progress of the pod; see `podStage`. */
  readonly stage: number;
  /** True while a pod of the node is being deleted and has time left: nobody is late meanwhile. */
  readonly isPodInGrace?: boolean;
  /** The policy of the spec as it is now. */
  readonly policy: ProgressPolicy;
  /** The reason why the plan cannot be rolled back automatically; undefined where it can. */
  readonly notRolledBack: string | undefined;
}

export type CheckProgressResult = NodeGone | ProgressChecked;
