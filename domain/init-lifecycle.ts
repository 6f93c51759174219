/** What each stage of bringing a node up, or of taking it over, makes of its status. Pure. */
import { configRecord } from './config-currency.ts';
import { isGivenUp } from './failed-node.ts';
import type { IdentifiedTask } from './identified-tasks.ts';
import { phaseChange } from './phase-change.ts';
import type { StepFailure } from './plan.ts';
import { activePlan, completedPlan, failedPlan } from './plan.ts';
import type { Plan, SeiNode, SeiNodeStatus } from './sei-node.ts';
import {
  runningConditions,
  settledStall,
  stalledNode,
  statusWithConditions,
} from './status-conditions.ts';
import type { Step } from './step.ts';
import { pauseConditions } from './sync-lifecycle.ts';
import { isForeignPlan } from './take-over.ts';
import type { Target } from './target.ts';

export interface InitStart {
  readonly planId: string;
  readonly workflowId: string;
  readonly target: Target;
  readonly steps: readonly Step[];
  /** What the sidecar has to do; nothing for a node that is taken over. */
  readonly tasks?: readonly IdentifiedTask[];
}

/**
 * The node as its bring-up begins. The ids of the sidecar's tasks are in the status before any of them
 * is submitted. A node whose seid has been let through is being taken over: its phase stays, because
 * it keeps serving.
 */
export function startedInit(node: SeiNode, start: InitStart, now: string): SeiNodeStatus {
  const before = node.status ?? {};
  if (before.plan !== undefined && isUnderWay(before.plan, start)) {
    return isTakeOver(start.steps) ? before : { ...before, config: configRecord(node) };
  }
  const plan = activePlan({
    id: start.planId,
    workflowId: start.workflowId,
    targetImage: start.target.image,
    previousImage: withoutForeignClaims(before).currentImage,
    steps: start.steps,
    ...(start.tasks && { tasks: start.tasks }),
    startedAt: now,
    lastFailure: before.plan?.lastFailure,
  });
  if (isTakeOver(start.steps)) return { ...before, plan };
  return {
    ...statusWithConditions(
      { ...node, status: withoutForeignClaims(before) },
      [
        ...settledStall(before),
        ...pauseConditions(node),
        {
          type: 'Ready',
          status: 'False',
          reason: 'Initializing',
          message: `the node is brought up with ${start.target.image}`,
        },
      ],
      now,
    ),
    ...phaseChange(before, 'Initializing', now),
    plan,
    // The tasks of the plan write it, and the node is not Running before they have.
    config: configRecord(node),
  };
}

/** The pod runs and its sidecar is ready: the node is Running, on the image that was observed. */
export function finishedInit(node: SeiNode, planId: string, now: string): SeiNodeStatus {
  const before = node.status ?? {};
  if (before.plan?.id === planId && before.plan.phase === 'Complete') return before;
  return {
    ...statusWithConditions(
      node,
      [...settledStall(before), ...runningConditions(before.currentImage)],
      now,
    ),
    ...phaseChange(before, 'Running', now),
    ...(before.plan?.id === planId && { plan: completedPlan(before.plan) }),
  };
}

/**
 * A step failed in a way that no retry mends: the node waits, visibly, for a change. Where the bring-up
 * is given up, the node is Failed.
 *
 * @param generation the spec's that the failed attempt had read: what was changed since is no part of
 *   the failure.
 */
export function failedInit(
  node: SeiNode,
  planId: string,
  failure: StepFailure,
  generation: number,
  now: string,
): SeiNodeStatus {
  const before = node.status ?? {};
  if (before.plan?.id === planId && before.plan.phase === 'Failed') return before;
  return {
    ...stalledNode(
      { ...node, metadata: { ...node.metadata, generation } },
      { reason: failure.reason, message: `${failure.step}: ${failure.message}` },
      now,
    ),
    ...(isGivenUp(failure) && phaseChange(before, 'Failed', now)),
    ...(before.plan?.id === planId && { plan: failedPlan(before.plan, failure) }),
  };
}

/** The original operator records images that never ran. */
function withoutForeignClaims(status: SeiNodeStatus): SeiNodeStatus {
  if (!isForeignPlan(status.plan)) return status;
  const { currentImage: _image, currentSidecarImage: _sidecarImage, ...rest } = status;
  return rest;
}

function isTakeOver(steps: readonly Step[]): boolean {
  return steps.includes('take-over');
}

function isUnderWay(plan: Plan, { planId, target, steps, tasks = [] }: InitStart): boolean {
  return (
    plan.id === planId &&
    plan.phase === 'Active' &&
    plan.targetImage === target.image &&
    plan.tasks.length === steps.length &&
    plan.tasks.every(({ type }, index) => type === steps[index]) &&
    tasks.every((task) => plan.tasks.some(({ id }) => id === task.id))
  );
}
