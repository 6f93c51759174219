import type { PlanTask } from '../domain/node/sei-node-status.ts';
import { taskToRun } from '../domain/plan/entitled.ts';
import { steppedUpdate } from '../domain/work/update-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import { SidecarError } from '../sidecar/sidecar-error.ts';
import type { SidecarTask } from '../sidecar/sidecar-task.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { RunSidecarTaskInput, RunSidecarTaskResult } from './contract/sidecar-round.ts';
import type { ActivityDeps } from './deps.ts';
import { getEntitlementLive, getEntitlement } from './shared/entitlement.ts';
import type { PodSidecar } from './shared/pod-sidecar.ts';
import type { Look } from './shared/sidecar-round.ts';
import { ended, sidecarRound } from './shared/sidecar-round.ts';

/** The interval of the original operator; restoring a snapshot takes hours. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * Has the sidecar of the observed pod do one task, waits until it is done, and then records the step as complete. The
 * input identifies the task; the plan on status, which was made from the spec, says what it does. Begins nothing beside
 * a task of an earlier spec, nor beside a seid that was let through.
 *
 * Safe to retry: the task's id is on status before this runs. It submits only a task that the sidecar does not have
 * under that id, or one that failed in a run that the workflow has counted; recording a recorded step changes nothing.
 */
export function createRunSidecarTask(deps: ActivityDeps): NodeActivities['runSidecarTask'] {
  return async (input) => {
    const { node: ref, planId, task, taskId: id } = input;
    const entitled = await getEntitlement(deps, ref, (node) =>
      taskToRun(node, planId, { type: task.type, id }),
    );
    if (entitled.kind !== 'entitled') return entitled;
    const end = await runTask(deps, input, entitled.to);
    if (end.kind !== 'done') return end;
    const result = await updateNodeStatus(deps, input.node, (node) =>
      steppedUpdate(node, input.planId, input.task.type),
    );
    return result.kind === 'gone' ? { kind: 'gone' } : end;
  };
}

async function runTask(
  deps: ActivityDeps,
  input: RunSidecarTaskInput,
  task: PlanTask,
): Promise<RunSidecarTaskResult> {
  let isBegun = false;
  const look = async (sidecar: PodSidecar): Promise<Look<RunSidecarTaskResult>> => {
    if (!isBegun) {
      const obstacle = await begin(deps, sidecar, task, input);
      if (obstacle !== undefined) return obstacle;
      isBegun = true;
    }
    return outcomeOf(sidecar, input.taskId);
  };
  try {
    return await sidecarRound<RunSidecarTaskResult>(deps, input, {
      look,
      longestPauseMs: LONGEST_PAUSE_MS,
      isAnswer: isRefusal,
    });
  } catch (err) {
    if (!isRefusal(err)) throw err;
    return { kind: 'refused', error: err.message };
  }
}

/**
 * Submits the task unless the sidecar has it. Asks the sidecar first, because it would run a task again that has failed
 * meanwhile, and nobody would hear of the failure.
 *
 * @returns the obstacle to beginning the task; undefined once the sidecar has it
 */
async function begin(
  deps: ActivityDeps,
  sidecar: PodSidecar,
  { after = [] }: PlanTask,
  { node: ref, planId, task: asked, taskId: id, failedRun }: RunSidecarTaskInput,
): Promise<Look<RunSidecarTaskResult> | undefined> {
  for (const earlier of after) {
    const before = await sidecar.getTask(earlier);
    if (before?.status === 'running') {
      return { kind: 'pending', doing: `waiting for task ${earlier} of an earlier spec` };
    }
  }
  const known = await sidecar.getTask(id);
  if (known !== undefined && !isKnownFailure(known, failedRun)) return undefined;
  if ((await sidecar.healthz()) === 'ready') return ended({ kind: 'let-through' });
  // Read live: the volume must not be restored again because a cache still shows the bring-up that has done so.
  const now = await getEntitlementLive(deps, ref, (node) =>
    taskToRun(node, planId, { type: asked.type, id }),
  );
  if (now.kind !== 'entitled') return ended(now);
  const { type, params } = now.to;
  await sidecar.submitTask({ id, type, ...(params !== undefined && { params }) });
  return undefined;
}

/** True for a failure that the workflow has counted: the task is to run again. */
function isKnownFailure({ status, run }: SidecarTask, failedRun: number | undefined): boolean {
  return status === 'failed' && failedRun !== undefined && run <= failedRun;
}

async function outcomeOf(sidecar: PodSidecar, id: string): Promise<Look<RunSidecarTaskResult>> {
  const task = await sidecar.getTask(id);
  switch (task?.status) {
    case undefined:
      return ended({ kind: 'forgotten' });
    case 'completed':
      return ended({ kind: 'done' });
    case 'failed':
      return ended({
        kind: 'task-failed',
        error: task.error ?? 'no reason given',
        run: task.run,
      });
    case 'running':
      return { kind: 'pending', doing: `task ${id} is running` };
  }
}

/**
 * True for a refusal, which the workflow counts, unlike an outage. The sidecar answers every refusal with 400, whether
 * its store is out of order for a moment or it will never know the type of the task.
 */
function isRefusal(err: unknown): err is SidecarError {
  return err instanceof SidecarError && err.failure.kind === 'http' && err.failure.status === 400;
}
