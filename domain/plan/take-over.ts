import type { ConditionUpdate } from '../node/condition.ts';
import { isConditionTrue } from '../node/condition.ts';
import { phaseChange } from '../node/phase-change.ts';
import type { Plan, SeiNodeStatus } from '../node/sei-node-status.ts';
import type { SeiNode } from '../node/sei-node.ts';
import type { Target } from '../node/target.ts';
import type { ObservedRollout } from '../pod/observed-pod.ts';
import { observedImages } from '../pod/observed-pod.ts';
import { notMarkedReadyCondition, podRunningConditions } from '../pod/pod-health.ts';
import type { RunningPod } from '../pod/running-pod.ts';
import { configConditions, configRecord } from '../sidecar/config-status.ts';
import type { SidecarState } from '../sidecar/sidecar-state.ts';
import { sidecarCondition } from '../sidecar/sidecar-state.ts';
import {
  notPausedConditions,
  clearedStall,
  statusWithConditions,
} from '../status/status-conditions.ts';
import { isTakeOver, planUnderWay } from './entitled.ts';
import { completedPlan } from './plan.ts';

/**
 * Returns whether a Running node belongs to this operator already. The original never sets
 * `status.observedGeneration`, and leaves plans that no workflow carries out, also on a node that was ours before. A
 * take-over that was cut off has to finish first, since an update in its place could restart the pod.
 */
export function isTakenOver(node: SeiNode): boolean {
  const { observedGeneration, plan } = node.status ?? {};
  if (observedGeneration === undefined || isForeignPlan(plan)) return false;
  const takesOver = plan !== undefined && isTakeOver(plan);
  return !takesOver || plan.phase === 'Complete';
}

/**
 * Returns whether a written status leaves a Running node with another operator: a hold that somebody sets
 * on it before its take-over has begun is no take-over.
 */
export function isStillForeign({ status }: SeiNode, written: SeiNodeStatus): boolean {
  const isForeign = status?.phase === 'Running' && status.observedGeneration === undefined;
  return isForeign && (written.plan === undefined || isForeignPlan(written.plan));
}

/** Returns whether another operator has left the plan on status. */
export function isForeignPlan(plan: Plan | undefined): boolean {
  return plan !== undefined && plan.workflowId === undefined;
}

/** The pod of a node under take-over, from live reads. */
export interface FoundPod {
  /** Undefined until its seid container has started. */
  readonly running: RunningPod | undefined;
  readonly sidecar: SidecarState | undefined;
  /** True if its seid has been let through. */
  readonly isLetThrough: boolean;
}

export const NO_POD: FoundPod = { running: undefined, sidecar: undefined, isLetThrough: false };

/**
 * Returns the node at the start of its take-over, with the images of the pod's template: admission may have
 * rewritten those in the pod, and after an apply of our own template nobody can find them out any more.
 */
export function withFoundImages(status: SeiNodeStatus, found: ObservedRollout): SeiNodeStatus {
  return found.template === undefined ? status : { ...status, ...observedImages(status, found) };
}

/**
 * Returns the node of another operator as ours. Nobody touched its pod.
 *
 * `currentImage` is the image that the pod was made with, as far as the start of the take-over found it,
 * otherwise the image that it runs. If no pod has started, `currentImage` is dropped, because the original
 * also recorded images that never ran. An update that the original left half done is complete if the pod
 * runs the target and its gate is open; otherwise it stays open and the next update finishes it.
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
  // A step must not write the conditions of another plan; a plan that has ended has written its own.
  const plan = planUnderWay(node, planId);
  // Nor may it write to the plan of a bring-up or an update, which no take-over has carried out.
  if (plan === undefined || !isTakeOver(plan)) return before;
  const { currentImage: _image, currentSidecarImage: _sidecarImage, ...rest } = before;
  // Nobody knows the source of a configuration that another operator wrote: assumes the present spec.
  const config = before.config ?? configRecord(node);
  const conditions: ConditionUpdate[] = [
    ...clearedStall(before),
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
