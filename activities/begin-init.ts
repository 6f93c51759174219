import type { DueWork } from '../domain/due-work.ts';
import { dueWork, nodeAlone } from '../domain/due-work.ts';
import { startedInit } from '../domain/init-lifecycle.ts';
import { progressDeadline } from '../domain/progress-deadline.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import type { PlannedTask } from '../domain/sidecar-plan.ts';
import { initTasks } from '../domain/sidecar-plan.ts';
import { stallOf } from '../domain/stall.ts';
import { initSteps, TAKE_OVER_STEPS } from '../domain/step.ts';
import { targetFor } from '../domain/target.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { dueFor } from './due-for.ts';
import { ensureFinalizer } from './ensure-finalizer.ts';

/**
 * Decides whether the node is to be brought up or taken over, and records the beginning before
 * anything else is written.
 *
 * Safe to retry: the patch carries the resourceVersion that it was decided from, and a plan that has
 * begun for this target is found and kept.
 */
export function createBeginInit(deps: ActivityDeps): NodeActivities['beginInit'] {
  return async ({ node, planId, workflowId }) => {
    let due: DueWork | undefined;
    let tasks: readonly PlannedTask[] = [];
    const result = await updateNodeStatus(deps, node, (current) => {
      // Nothing but the node itself has a say in whether it is to be brought up.
      due = dueWork(nodeAlone(current), deps.policy);
      if (due.kind !== 'nodeInit') return undefined;
      const target = targetFor(current, deps.policy.defaultSidecarImage);
      tasks = initTasks(current, deps.cache.nodes(), deps.platform.clusterDomain);
      const steps = isServing(current) ? TAKE_OVER_STEPS : initSteps(tasks.map(({ type }) => type));
      return startedInit(current, { planId, workflowId, target, steps }, deps.now().toISOString());
    });
    if (result.kind === 'gone' || due === undefined) return { kind: 'gone' };
    if (due.kind !== 'nodeInit') return { kind: 'not-due', due: await dueFor(deps, result.node) };
    await ensureFinalizer(deps, node);
    const begun = {
      generation: result.node.metadata.generation,
      target: targetFor(result.node, deps.policy.defaultSidecarImage),
      previousImage: result.node.status?.currentImage,
      deadline: progressDeadline(result.node, deps.now().toISOString()),
      stall: stallOf(result.node.status),
    };
    return isServing(result.node)
      ? { kind: 'taking-over', ...begun }
      : { kind: 'begun', ...begun, tasks };
  };
}

/** A node that is Running and yet to be initialised is one that another operator ran so far. */
function isServing(node: SeiNode): boolean {
  return node.status?.phase === 'Running';
}
