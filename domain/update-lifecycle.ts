/**
 * What each stage of an update makes of a node's status. All functions are pure: from the node as it
 * was read to the status that is to be written, and running one twice gives the same status.
 */
import type { ConditionUpdate } from './condition.ts';
import { findCondition } from './condition.ts';
import { configBaseline, configConditions } from './config-currency.ts';
import { configPatch } from './config-patch.ts';
import { withHistoryEntry } from './history.ts';
import type { ObservedRollout } from './observed-pod.ts';
import { observedImages } from './observed-pod.ts';
import type { StepFailure } from './plan.ts';
import {
  activePlan,
  completedPlan,
  failedPlan,
  withStepsCompleteThrough,
  withTaskId,
} from './plan.ts';
import { isReapproving } from './reapproval.ts';
import { withoutEndedRollback } from './rollback.ts';
import type { Plan, SeiNodeStatus, StatefulSetIdentity } from './sei-node-status.ts';
import type { SeiNode } from './sei-node.ts';
import { sidecarLostConditions } from './sidecar-state.ts';
import {
  notPausedConditions,
  runningConditions,
  settledStall,
  statusWithConditions,
} from './status-conditions.ts';
import type { Step } from './step.ts';
import { updateSteps } from './step.ts';
import { isForeignPlan } from './take-over.ts';
import type { Target } from './target.ts';

export interface UpdateStart {
  readonly planId: string;
  readonly workflowId: string;
  readonly target: Target;
  /** Why, in the words of the condition: `seid a -> b`. */
  readonly cause: string;
}

/** The node as it is when an update begins, and when a newer target supersedes the one under way. */
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
    // A new attempt at what is stalled proves nothing yet.
    ...(isResumed ? [] : settledStall(before)),
    ...notPausedConditions(node),
    {
      type: 'NodeUpdateInProgress',
      status: 'True',
      reason: 'UpdateStarted',
      // Resumed, it would name as its cause the update that it is.
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

/**
 * The update that another target puts an end to, whichever run has begun it: a rollback has to know that it did
 * not complete.
 */
function supersededPlan(status: SeiNodeStatus, target: Target): Plan | undefined {
  const { plan } = status;
  const isUnderWay = plan?.phase === 'Active' && !isForeignPlan(plan) && !isReapproving({ status });
  return isUnderWay && plan.targetImage !== target.image ? plan : undefined;
}

/** What ran before the target: an update that did not end may have come as far as to run it. */
function imageBefore(status: SeiNodeStatus, target: Target): string | undefined {
  const { plan, currentImage } = status;
  const isUnfinished = plan?.targetImage === target.image && plan.phase !== 'Complete';
  return isUnfinished && currentImage === target.image ? plan.previousImage : currentImage;
}

/** A step is done; what it found about the StatefulSet's identity is recorded with it. */
export function steppedUpdate(
  node: SeiNode,
  planId: string,
  step: Step,
  statefulSet: StatefulSetIdentity | undefined,
): SeiNodeStatus {
  const before = node.status ?? {};
  const plan = planOf(before, planId);
  return {
    ...before,
    ...(plan !== undefined && { plan: withStepsCompleteThrough(plan, step) }),
    ...(statefulSet !== undefined && { statefulSet }),
  };
}

/** The old pod is gone or going. What its sidecar answered says nothing about that of the next one. */
export function replacedPod(node: SeiNode, planId: string, now: string): SeiNodeStatus {
  const status = statusWithConditions(node, sidecarLostConditions(node), now);
  return steppedUpdate({ ...node, status }, planId, 'replace-pod', undefined);
}

/**
 * The new pod runs, of the template with these images: they become the current ones, whatever spec
 * says by now, and whatever admission has made of them in the pod.
 *
 * @param markReadyId the task mark-ready that comes next: on status before the sidecar is given it.
 */
export function observedImage(
  node: SeiNode,
  planId: string,
  rollout: ObservedRollout,
  now: string,
  markReadyId?: string,
): SeiNodeStatus {
  const status = statusWithConditions(node, settledStall(node.status ?? {}), now);
  const stepped = steppedUpdate({ ...node, status }, planId, 'observe-image', undefined);
  const plan = planOf(stepped, planId);
  return {
    ...stepped,
    ...(plan !== undefined &&
      markReadyId !== undefined && { plan: withTaskId(plan, 'mark-ready', markReadyId) }),
    ...observedImages(node.status, rollout),
  };
}

/** The sidecar of the new pod is ready: the update is complete. */
export function finishedUpdate(node: SeiNode, planId: string, now: string): SeiNodeStatus {
  const before = node.status ?? {};
  const plan = planOf(before, planId);
  // Another plan's conditions are not this one's to write, and one that has ended has written them.
  if (plan?.phase !== 'Active') return before;
  const conditions: ConditionUpdate[] = [
    ...settledStall(before),
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

/** The update failed in a way that no retry mends; the node stays Running and the drift persists. */
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

/** The plan in status, if it is this run's: another run's plan is not ours to complete. */
function planOf(status: SeiNodeStatus, planId: string): Plan | undefined {
  return status.plan?.id === planId ? status.plan : undefined;
}
