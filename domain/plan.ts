import type { IdentifiedTask } from './identified-tasks.ts';
import type { Plan, PlanFailure, PlanTask } from './sei-node-status.ts';
import { conditionReason, statusText } from './status-text.ts';
import type { Step } from './step.ts';

export interface NewPlan {
  readonly id: string;
  readonly workflowId: string;
  readonly targetImage: string;
  readonly previousImage: string | undefined;
  readonly steps: readonly Step[];
  /** What the plan's steps have the sidecar do, with the ids that it knows them by. */
  readonly tasks?: readonly IdentifiedTask[];
  /** RFC 3339. */
  readonly startedAt: string;
  readonly lastFailure: PlanFailure | undefined;
}

/** A failure of a step. */
export interface StepFailure extends PlanFailure {
  /** The words of whoever failed, where `message` says more than these. */
  readonly error?: string;
}

/** A plan of which no step is done yet, except for what the sidecar has done for one before it. */
export function activePlan(plan: NewPlan): Plan {
  return {
    id: plan.id,
    workflowId: plan.workflowId,
    phase: 'Active',
    targetImage: plan.targetImage,
    ...(plan.previousImage !== undefined && { previousImage: plan.previousImage }),
    targetPhase: 'Running',
    tasks: plan.steps.map((type) => newTask(type, plan.tasks)),
    startedAt: plan.startedAt,
    ...(plan.lastFailure !== undefined && { lastFailure: plan.lastFailure }),
  };
}

function newTask(type: Step, tasks: readonly IdentifiedTask[] = []): PlanTask {
  const task = tasks.find((one) => one.type === type);
  if (task === undefined) return { type, status: 'Pending' };
  const { id, params, after, isDone } = task;
  return {
    type,
    status: isDone ? 'Complete' : 'Pending',
    id,
    ...(params !== undefined && { params }),
    ...(after !== undefined && { after }),
  };
}

/** The plan with the id recorded under which the sidecar is about to be given the step's task. */
export function withTaskId(plan: Plan, step: Step, id: string): Plan {
  return {
    ...plan,
    tasks: plan.tasks.map((task) => (task.type === step ? { ...task, id } : task)),
  };
}

/** The plan with this step and all before it complete: steps are never finished out of order. */
export function withStepsCompleteThrough(plan: Plan, step: Step): Plan {
  const last = plan.tasks.findIndex((task) => task.type === step);
  return {
    ...plan,
    tasks: plan.tasks.map((task, index) => (index <= last ? completeTask(task) : task)),
  };
}

/** The plan as it ends well; a failure that came before is settled by that. */
export function completedPlan(plan: Plan): Plan {
  const { lastFailure: _settled, targetPhase: _reached, ...kept } = plan;
  return { ...kept, phase: 'Complete', tasks: plan.tasks.map(completeTask) };
}

function completeTask({ error: _settled, after: _ended, ...task }: PlanTask): PlanTask {
  return { ...task, status: 'Complete' };
}

/** The plan as it ends in a failure of one step; the steps after it stay pending. */
export function failedPlan(plan: Plan, failure: StepFailure): Plan {
  const { targetPhase: _missed, ...kept } = plan;
  const { error: words, at } = failure;
  const message = statusText(failure.message);
  const error = words === undefined ? message : statusText(words);
  return {
    ...kept,
    phase: 'Failed',
    lastFailure: {
      step: statusText(failure.step),
      reason: conditionReason(failure.reason),
      message,
      at,
    },
    tasks: plan.tasks.map((task) =>
      task.type === failure.step ? { ...task, status: 'Failed', error } : task,
    ),
  };
}
