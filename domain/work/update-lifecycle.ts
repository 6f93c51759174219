/**
 * The status of a node at each stage of an update. All functions are pure: they turn the node as it was
 * read into the status to be written, and running one twice gives the same status.
 */
import type { ConditionUpdate } from '../node/condition.ts';
import { findCondition } from '../node/condition.ts';
import { withHistoryEntry } from '../node/history.ts';
import type { Plan, SeiNodeStatus } from '../node/sei-node-status.ts';
import type { SeiNode } from '../node/sei-node.ts';
import type { Step } from '../node/step.ts';
import { updateSteps } from '../node/step.ts';
import type { Target } from '../node/target.ts';
import type { StepFailure } from '../plan/plan.ts';
import {
  activePlan,
  completedPlan,
  failedPlan,
  withStepsCompleteThrough,
  withTaskId,
} from '../plan/plan.ts';
import { isReapproving } from '../plan/reapproval.ts';
import { withoutEndedRollback } from '../plan/rollback.ts';
import { isForeignPlan } from '../plan/take-over.ts';
import type { ObservedRollout } from '../pod/observed-pod.ts';
import { observedImages } from '../pod/observed-pod.ts';
import { configPatch } from '../sidecar/config-patch.ts';
import { configBaseline, configConditions } from '../sidecar/config-status.ts';
import { sidecarLostConditions } from '../sidecar/sidecar-state.ts';
import {
  notPausedConditions,
  runningConditions,
  clearedStall,
  statusWithConditions,
} from '../status/status-conditions.ts';

export interface UpdateStart {
  readonly planId: string;
  readonly workflowId: string;
  readonly target: Target;
  /** The reason, in the words of the condition: `seid a -> b`. */
  readonly cause: string;
}

/** Returns the node when an update begins, and when a newer target supersedes the one under way. */
export function startedUpdate(node: SeiNode, start: UpdateStart, now: string): SeiNodeStatus {
  const before = withoutEndedRollback(node);
  const running = planOf(before, start.planId);
  const isResumed = running?.phase === 'Active' && running.targetImage === start.target.image;
  const superseded = supersededPlan(before, start.target);
  const plan = isResumed
    ? running
    : activePlan({
        id: start.planId,
        workflowId: start.workflowId,
        targetImage: start.target.image,
        previousImage: imageBefore(before, start.target),
        steps: updateSteps(configPatch(node) !== undefined),
        startedAt: now,
        lastFailure: before.plan?.lastFailure,
      });
  const inProgress = findCondition(before.conditions, 'NodeUpdateInProgress');
  const conditions: readonly ConditionUpdate[] = [
    // A new attempt at a stalled update proves nothing yet.
    ...(isResumed ? [] : clearedStall(before)),
    ...notPausedConditions(node),
    {
      type: 'NodeUpdateInProgress',
      status: 'True',
      reason: 'UpdateStarted',
      // A resumed update would name itself as its cause.
      message:
        isResumed && inProgress?.status === 'True'
          ? inProgress.message
          : `${start.cause} (plan ${start.planId})`,
    },
  ];
  return {
    ...statusWithConditions({ ...node, status: before }, conditions, now),
    plan,
    ...(superseded !== undefined && {
      history: withHistoryEntry(before.history, {
        from: superseded.previousImage ?? '',
        to: superseded.targetImage ?? '',
        outcome: 'Superseded',
        startedAt: superseded.startedAt ?? now,
        endedAt: now,
        actor: 'spec',
      }),
    }),
  };
}

/** Returns the update of any run that another target supersedes: a rollback has to know that it did not complete. */
function supersededPlan(status: SeiNodeStatus, target: Target): Plan | undefined {
  const { plan } = status;
  const isUnderWay = plan?.phase === 'Active' && !isForeignPlan(plan) && !isReapproving({ status });
  return isUnderWay && plan.targetImage !== target.image ? plan : undefined;
}

/** Returns the image before the target: an update that did not end may have got as far as running the target. */
function imageBefore(status: SeiNodeStatus, target: Target): string | undefined {
  const { plan, currentImage } = status;
  const isUnfinished = plan?.targetImage === target.image && plan.phase !== 'Complete';
  return isUnfinished && currentImage === target.image ? plan.previousImage : currentImage;
}

/** Returns the node after a step. */
export function steppedUpdate(node: SeiNode, planId: string, step: Step): SeiNodeStatus {
  const before = node.status ?? {};
  const plan = planOf(before, planId);
  return plan === undefined ? before : { ...before, plan: withStepsCompleteThrough(plan, step) };
}

/**
 * Returns the node once its old pod is gone or going. The answers of the old sidecar say nothing about the next one.
 */
export function replacedPod(node: SeiNode, planId: string, now: string): SeiNodeStatus {
  const status = statusWithConditions(node, sidecarLostConditions(node), now);
  return steppedUpdate({ ...node, status }, planId, 'replace-pod');
}

/**
 * Returns the node once the new pod runs. The images of its template become the current ones, whatever spec
 * says by now, and whatever admission has made of them in the pod.
 *
 * @param markReadyId the task mark-ready that comes next: status has it before the sidecar gets it.
 */
export function observedImage(
  node: SeiNode,
  planId: string,
  rollout: ObservedRollout,
  now: string,
  markReadyId?: string,
): SeiNodeStatus {
  const status = statusWithConditions(node, clearedStall(node.status ?? {}), now);
  const stepped = steppedUpdate({ ...node, status }, planId, 'observe-image');
  const plan = planOf(stepped, planId);
  return {
    ...stepped,
    ...(plan !== undefined &&
      markReadyId !== undefined && { plan: withTaskId(plan, 'mark-ready', markReadyId) }),
    ...observedImages(node.status, rollout),
  };
}

/** Returns the node once the sidecar of the new pod is ready: the update is complete. */
export function finishedUpdate(node: SeiNode, planId: string, now: string): SeiNodeStatus {
  const before = node.status ?? {};
  const plan = planOf(before, planId);
  // A step must not write the conditions of another plan; a plan that has ended has written its own.
  if (plan?.phase !== 'Active') return before;
  const conditions: ConditionUpdate[] = [
    ...clearedStall(before),
    ...runningConditions(node),
    ...configConditions(node),
    {
      type: 'NodeUpdateInProgress',
      status: 'False',
      reason: 'UpdateComplete',
      message: `plan ${planId} completed`,
    },
  ];
  return {
    ...statusWithConditions(node, conditions, now),
    ...configBaseline(node),
    plan: completedPlan(plan),
    history: withHistoryEntry(before.history, historyEntry(plan, 'Complete', now)),
  };
}

/** Returns the node after the update failed in a way that no retry fixes: it stays Running and the drift persists. */
export function failedUpdate(
  node: SeiNode,
  planId: string,
  failure: StepFailure,
  now: string,
): SeiNodeStatus {
  const before = node.status ?? {};
  const plan = planOf(before, planId);
  if (plan?.phase !== 'Active') return before;
  return {
    ...statusWithConditions(
      node,
      [
        {
          type: 'NodeUpdateInProgress',
          status: 'False',
          reason: 'UpdateFailed',
          message: `plan ${planId} failed: ${failure.step}: ${failure.message}`,
        },
      ],
      now,
    ),
    plan: failedPlan(plan, failure),
    history: withHistoryEntry(before.history, historyEntry(plan, 'Failed', now)),
  };
}

function historyEntry(plan: Plan, outcome: 'Complete' | 'Failed', now: string) {
  return {
    from: plan.previousImage ?? '',
    to: plan.targetImage ?? '',
    outcome,
    startedAt: plan.startedAt ?? now,
    endedAt: now,
    actor: 'spec',
  };
}

/** Returns the plan in status if it is this run's: a run must not complete the plan of another. */
function planOf(status: SeiNodeStatus, planId: string): Plan | undefined {
  return status.plan?.id === planId ? status.plan : undefined;
}
