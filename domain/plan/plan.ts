import type { WorkFailure } from '../failure/work-failure.ts';
import type { Plan, PlanFailure, PlanTask } from '../node/sei-node-status.ts';
import { conditionReason, statusText } from '../node/status-text.ts';
import type { Step } from '../node/step.ts';
import type { IdentifiedTask } from '../sidecar/identified-tasks.ts';

export interface NewPlan {
  readonly id: string;
  readonly workflowId: string;
  readonly targetImage: string;
  readonly previousImage: string | undefined;
  readonly steps: readonly Step[];
  /** The tasks that the plan's steps give the sidecar, with the ids under which it knows them. */
  readonly tasks?: readonly IdentifiedTask[];
  /** RFC 3339. */
  readonly startedAt: string;
  readonly lastFailure: PlanFailure | undefined;
}

export interface StepFailure extends WorkFailure {
  /** RFC 3339. */
  readonly at: string;
}

/** Returns a plan with no step done yet, except for tasks that the sidecar has done for an earlier plan. */
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

/** Returns the plan with the id under which the sidecar is about to get the step's task. */
export function withTaskId(plan: Plan, step: Step, id: string): Plan {
  return {
    ...plan,
    tasks: plan.tasks.map((task) => (task.type === step ? { ...task, id } : task)),
  };
}

/** Returns the plan with this step and all before it complete: steps never finish out of order. */
export function withStepsCompleteThrough(plan: Plan, step: Step): Plan {
  const last = plan.tasks.findIndex((task) => task.type === step);
  return {
    ...plan,
    tasks: plan.tasks.map((task, index) => (index <= last ? completeTask(task) : task)),
  };
}

/** Returns the plan after it ended well; that clears an earlier failure. */
export function completedPlan(plan: Plan): Plan {
  const { lastFailure: _cleared, targetPhase: _reached, ...kept } = plan;
  return { ...kept, phase: 'Complete', tasks: plan.tasks.map(completeTask) };
}

function completeTask({ error: _cleared, after: _ended, ...task }: PlanTask): PlanTask {
  return { ...task, status: 'Complete' };
}

/** Returns the plan after one step of it failed; the steps after it stay pending. */
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
