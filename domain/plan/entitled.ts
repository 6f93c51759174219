/**
 * Decides from the plan on a node's status which steps may run, whoever schedules them. Some steps cannot
 * be undone by another attempt, so the workflow's word is not enough. Pure.
 */

import type { Plan, PlanTask } from '../node/sei-node-status.ts';
import type { SeiNode } from '../node/sei-node.ts';
import { SIDECAR_TASK_STEPS } from '../node/step.ts';
import type { IdentifiedTask } from '../sidecar/identified-tasks.ts';

/** Returns the plan under way if it has this id. */
export function planUnderWay(
  { status }: Pick<SeiNode, 'status'>,
  planId: string,
): Plan | undefined {
  const { plan } = status ?? {};
  return plan?.id === planId && plan.phase === 'Active' ? plan : undefined;
}

/**
 * Returns the sidecar's task as the plan has recorded it from the spec, once all tasks before it are done;
 * undefined if the plan has none of that type and id.
 */
export function taskToRun(
  node: Pick<SeiNode, 'status'>,
  planId: string,
  asked: Pick<IdentifiedTask, 'type' | 'id'>,
): PlanTask | undefined {
  const tasks = sidecarTasks(planUnderWay(node, planId));
  const index = tasks.findIndex(({ type, id }) => type === asked.type && id === asked.id);
  return tasks.slice(0, Math.max(index, 0)).every(isDone) ? tasks[index] : undefined;
}

/**
 * Returns whether seid of the node may be let through: it was before, or the sidecar has done all tasks of
 * the bring-up on the data volume. Letting it through earlier would run it on a half-made volume.
 */
export function mayBeLetThrough(node: Pick<SeiNode, 'status'>): boolean {
  const plan = node.status?.plan;
  switch (node.status?.phase ?? 'Pending') {
    case 'Running':
      return true;
    case 'Failed':
    case 'Terminating':
      return false;
    case 'Pending':
    case 'Initializing':
      return plan?.phase === 'Active' && (isTakeOver(plan) || isReadyToServe(plan));
  }
}

/** Returns whether an update is under way whose image has been seen to run. */
export function isRolledOut(node: Pick<SeiNode, 'status'>, planId: string): boolean {
  const plan = planUnderWay(node, planId);
  const isUpdate = plan?.tasks.some(({ type }) => type === 'replace-pod') === true;
  return isUpdate && plan.targetImage === node.status?.currentImage;
}

/** Returns whether a bring-up is under way that lacks nothing but the record of its end. */
export function isBroughtUp(node: Pick<SeiNode, 'status'>, planId: string): boolean {
  const plan = planUnderWay(node, planId);
  return plan !== undefined && !isTakeOver(plan) && isReadyToServe(plan);
}

function isReadyToServe(plan: Plan): boolean {
  const tasks = sidecarTasks(plan);
  return tasks.length > 0 && tasks.every(isDone);
}

/** Returns whether the plan takes over a node that another operator has run. */
export function isTakeOver({ tasks }: Pick<Plan, 'tasks'>): boolean {
  return takesOver(tasks.map(({ type }) => type));
}

/** Returns the same for the steps of a plan that is about to be made. */
export function takesOver(steps: readonly string[]): boolean {
  return steps.includes('take-over');
}

function sidecarTasks(plan: Plan | undefined): readonly PlanTask[] {
  const types: readonly string[] = SIDECAR_TASK_STEPS;
  return plan?.tasks.filter(({ type }) => types.includes(type)) ?? [];
}

function isDone({ status }: PlanTask): boolean {
  return status === 'Complete';
}
