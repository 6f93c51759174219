import type { Plan, PlanFailure } from './sei-node.ts';
import { statusText } from './status-text.ts';
import type { Step } from './step.ts';

export interface NewPlan {
  readonly id: string;
  readonly workflowId: string;
  readonly targetImage: string;
  readonly previousImage: string | undefined;
  readonly steps: readonly Step[];
  /** RFC 3339. */
  readonly startedAt: string;
  readonly lastFailure: PlanFailure | undefined;
}

/** A plan of which no step is done yet. */
export function activePlan(plan: NewPlan): Plan {
  return {
    id: plan.id,
    workflowId: plan.workflowId,
    phase: 'Active',
    targetImage: plan.targetImage,
    ...(plan.previousImage !== undefined && { previousImage: plan.previousImage }),
    tasks: plan.steps.map((type) => ({ type, status: 'Pending' })),
    startedAt: plan.startedAt,
    ...(plan.lastFailure !== undefined && { lastFailure: plan.lastFailure }),
  };
}

/** The plan with this step and all before it complete: steps are never finished out of order. */
export function withStepsCompleteThrough(plan: Plan, step: Step): Plan {
  const last = plan.tasks.findIndex((task) => task.type === step);
  return {
    ...plan,
    tasks: plan.tasks.map((task, index) =>
      index <= last ? { type: task.type, status: 'Complete' } : task,
    ),
  };
}

/** The plan as it ends well; a failure that came before is settled by that. */
export function completedPlan(plan: Plan): Plan {
  const { lastFailure: _settled, ...kept } = plan;
  return {
    ...kept,
    phase: 'Complete',
    tasks: plan.tasks.map(({ type }) => ({ type, status: 'Complete' })),
  };
}

/** The plan as it ends in a failure of one step; the steps after it stay pending. */
export function failedPlan(plan: Plan, failure: PlanFailure): Plan {
  const message = statusText(failure.message);
  return {
    ...plan,
    phase: 'Failed',
    lastFailure: { ...failure, message },
    tasks: plan.tasks.map((task) =>
      task.type === failure.step ? { type: task.type, status: 'Failed', error: message } : task,
    ),
  };
}
