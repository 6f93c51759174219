import type { ConditionUpdate } from './condition.ts';
import { isConditionTrue } from './condition.ts';
import { configConditions, configRecord } from './config-currency.ts';
import { isTakeOver, planUnderWay } from './entitled.ts';
import type { ObservedRollout } from './observed-pod.ts';
import { observedImages } from './observed-pod.ts';
import { phaseChange } from './phase-change.ts';
import { completedPlan } from './plan.ts';
import { notMarkedReadyCondition, podRunningConditions } from './pod-health.ts';
import type { RunningPod } from './running-pod.ts';
import type { Plan, SeiNodeStatus } from './sei-node-status.ts';
import type { SeiNode } from './sei-node.ts';
import type { SidecarState } from './sidecar-state.ts';
import { sidecarCondition } from './sidecar-state.ts';
import { notPausedConditions, settledStall, statusWithConditions } from './status-conditions.ts';
import type { Target } from './target.ts';

/**
 * Whether a Running node is this operator's already. The original never sets
 * `status.observedGeneration`, and leaves plans that no workflow carries out, also on a node that was
 * ours before. A take-over that began and was cut off has to be finished first, since an update in its
 * place could restart the pod.
 */
export function isTakenOver(node: SeiNode): boolean {
  const { observedGeneration, plan } = node.status ?? {};
  if (observedGeneration === undefined || isForeignPlan(plan)) return false;
  const takesOver = plan !== undefined && isTakeOver(plan);
  return !takesOver || plan.phase === 'Complete';
}

/**
 * Whether a status that is written leaves a Running node with another operator: a hold that somebody sets on
 * it before its take-over has begun is no take-over.
 */
export function isStillForeign({ status }: SeiNode, written: SeiNodeStatus): boolean {
  const isForeign = status?.phase === 'Running' && status.observedGeneration === undefined;
  return isForeign && (written.plan === undefined || isForeignPlan(written.plan));
}

/** Whether another operator has left the plan on status. */
export function isForeignPlan(plan: Plan | undefined): boolean {
  return plan !== undefined && plan.workflowId === undefined;
}

/** The pod of a node that is taken over, as it was looked at live. */
export interface FoundPod {
  /** Undefined until its seid container has started. */
  readonly running: RunningPod | undefined;
  readonly sidecar: SidecarState | undefined;
  /** Whether its seid has been let through. */
  readonly isLetThrough: boolean;
}

export const NO_POD: FoundPod = { running: undefined, sidecar: undefined, isLetThrough: false };

/**
 * The node as its take-over begins, with what the pod's template asks for: admission may have rewritten
 * that in the pod, and once our own template is applied nobody can tell any more.
 */
export function withFoundImages(status: SeiNodeStatus, found: ObservedRollout): SeiNodeStatus {
  return found.template === undefined ? status : { ...status, ...observedImages(status, found) };
}

/**
 * A node that another operator ran is ours now. Its pod was not touched.
 *
 * `currentImage` is what the pod was made to run, as far as that was found when the take-over began, else
 * what it runs; where no pod has started it is dropped, because the original also recorded images that
 * never ran. An update that the original left half done is settled when
 * the pod runs the target and its gate is open, else it stays open and the next update finishes it.
 */
export function takenOver(
  node: SeiNode,
  planId: string,
  found: FoundPod,
  target: Target,
  now: string,
): SeiNodeStatus {
  const { running: pod, sidecar } = found;
  const before = node.status ?? {};
  // Another plan's conditions are not this one's to write, and one that has ended has written them.
  const plan = planUnderWay(node, planId);
  // Nor is the plan of a bring-up or an update, which no take-over has carried out.
  if (plan === undefined || !isTakeOver(plan)) return before;
  const { currentImage: _image, currentSidecarImage: _sidecarImage, ...rest } = before;
  // Nobody knows what a configuration was made from that another operator wrote: the spec, as it is.
  const config = before.config ?? configRecord(node);
  const conditions: ConditionUpdate[] = [
    ...settledStall(before),
    ...notPausedConditions(node),
    ...configConditions({ ...node, status: { ...before, config } }),
  ];
  if (sidecar !== undefined) conditions.push(sidecarCondition(sidecar));
  const images = pod && observedImages(before, { pod, template: undefined });
  const onTarget = images?.currentImage === target.image;
  if (
    onTarget &&
    found.isLetThrough &&
    isConditionTrue(before.conditions, 'NodeUpdateInProgress')
  ) {
    conditions.push({
      type: 'NodeUpdateInProgress',
      status: 'False',
      reason: 'UpdateComplete',
      message: `the pod runs ${target.image}: the update that was under way is settled`,
    });
  }
  // Ready follows from this.
  if (found.isLetThrough) {
    conditions.push(...podRunningConditions(node));
  } else if (pod !== undefined) {
    conditions.push(notMarkedReadyCondition(pod));
  }
  return {
    ...rest,
    conditions: statusWithConditions(node, conditions, now).conditions ?? [],
    ...images,
    ...phaseChange(before, 'Running', now),
    config,
    plan: completedPlan(plan),
  };
}
