/** The status of a node at each stage of its bring-up or its take-over. Pure. */
import type { ConditionUpdate } from '../node/condition.ts';
import { isGivenUp } from '../node/failed-node.ts';
import { phaseChange } from '../node/phase-change.ts';
import type { Plan, SeiNodeStatus } from '../node/sei-node-status.ts';
import type { SeiNode } from '../node/sei-node.ts';
import type { Step } from '../node/step.ts';
import type { Target } from '../node/target.ts';
import { isTakeOver, planUnderWay, takesOver } from '../plan/entitled.ts';
import type { StepFailure } from '../plan/plan.ts';
import { activePlan, completedPlan, failedPlan } from '../plan/plan.ts';
import { isForeignPlan } from '../plan/take-over.ts';
import { configConditions, configRecord } from '../sidecar/config-status.ts';
import type { IdentifiedTask } from '../sidecar/identified-tasks.ts';
import {
  notPausedConditions,
  runningConditions,
  clearedStall,
  stalledNode,
  statusWithConditions,
} from '../status/status-conditions.ts';

export interface InitStart {
  readonly planId: string;
  readonly workflowId: string;
  readonly target: Target;
  readonly steps: readonly Step[];
  /** The tasks of the sidecar; none for a node that is taken over. */
  readonly tasks?: readonly IdentifiedTask[];
}

/**
 * Returns the node at the start of its bring-up. The ids of the sidecar's tasks are on status before the run submits
 * any of them. A node whose seid has been let through is being taken over: its phase stays, because it keeps serving.
 */
export function startedInit(node: SeiNode, start: InitStart, now: string): SeiNodeStatus {
  const before = node.status ?? {};
  if (before.plan !== undefined && isUnderWay(before.plan, start)) {
    return takesOver(start.steps) ? before : { ...before, config: configRecord(node) };
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
  if (takesOver(start.steps)) return { ...before, plan };
  return {
    ...statusWithConditions(
      { ...node, status: withoutForeignClaims(before) },
      [...clearedStall(before), ...notPausedConditions(node)],
      now,
    ),
    ...phaseChange(before, 'Initializing', now),
    plan,
    // The tasks of the plan write the configuration, and the node is not Running before they have.
    config: configRecord(node),
  };
}

/** Returns the node once its pod runs and its sidecar is ready: Running, on the observed image. */
export function finishedInit(node: SeiNode, planId: string, now: string): SeiNodeStatus {
  const before = node.status ?? {};
  const plan = planUnderWay(node, planId);
  if (plan === undefined) return before;
  return {
    ...statusWithConditions(
      node,
      [...clearedStall(before), ...runningConditions(node), ...configConditions(node)],
      now,
    ),
    ...phaseChange(before, 'Running', now),
    plan: completedPlan(plan),
  };
}

/**
 * Returns the node after a step failed in a way that no retry fixes: it waits, visibly, for a change. If the
 * bring-up is given up, the node is Failed. A take-over is never given up: its node keeps serving.
 *
 * @param generation of the spec that the failed attempt had read; later changes are not part of this failure.
 */
export function failedInit(
  node: SeiNode,
  planId: string,
  failure: StepFailure,
  generation: number,
  now: string,
): SeiNodeStatus {
  const before = node.status ?? {};
  // A step must not write the conditions of another plan; a plan that has ended has written its own.
  const plan = planUnderWay(node, planId);
  if (plan === undefined) return before;
  const failed = { ...node, metadata: { ...node.metadata, generation } };
  const stall = { reason: failure.reason, message: `${failure.step}: ${failure.message}` };
  const stalled = {
    ...stalledNode(failed, stall, now),
    plan: failedPlan(plan, failure),
  };
  // `retry` brings a Failed node up from nothing, which must not happen to a node that serves.
  const isServing = before.phase === 'Running' || isTakeOver(plan);
  if (isServing || !isGivenUp(failure)) return stalled;
  // Ready of a Failed node is not derived: it keeps the generation that failed.
  const ready: ConditionUpdate = { type: 'Ready', status: 'False', ...stall };
  return {
    ...statusWithConditions({ ...failed, status: stalled }, [ready], now),
    ...phaseChange(before, 'Failed', now),
  };
}

/** Drops the images that the original operator recorded: it records images that never ran. */
function withoutForeignClaims(status: SeiNodeStatus): SeiNodeStatus {
  if (!isForeignPlan(status.plan)) return status;
  const { currentImage: _image, currentSidecarImage: _sidecarImage, ...rest } = status;
  return rest;
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
