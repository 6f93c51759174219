import type { PlannedTask } from '../domain/sidecar-plan.ts';
import { steppedUpdate } from '../domain/update-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { SidecarTarget } from '../sidecar/sidecar-client.ts';
import { SidecarError } from '../sidecar/sidecar-error.ts';
import type { NodeActivities, RunSidecarTaskInput, RunSidecarTaskResult } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { sidecarRound } from './sidecar-round.ts';

/** As the original operator asks; a restored snapshot takes hours. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * Has the sidecar of the observed pod do one task, and waits until it is done; the step is then
 * recorded as complete.
 *
 * Safe to retry: the task id comes from the workflow, and a sidecar that has it already does nothing
 * but answer; recording a step that is recorded changes nothing.
 */
export function createRunSidecarTask(deps: ActivityDeps): NodeActivities['runSidecarTask'] {
  return async (input) => {
    const end = await runTask(deps, input);
    if (end.kind !== 'done') return end;
    const result = await updateNodeStatus(deps, input.node, (node) =>
      steppedUpdate(node, input.planId, input.task.type, undefined),
    );
    return result.kind === 'gone' ? { kind: 'gone' } : end;
  };
}

async function runTask(
  deps: ActivityDeps,
  input: RunSidecarTaskInput,
): Promise<RunSidecarTaskResult> {
  try {
    return await sidecarRound<RunSidecarTaskResult>(deps, input, {
      task: wireTask(input.task),
      look: (target) => outcomeOf(deps, target, input.taskId),
      longestPauseMs: LONGEST_PAUSE_MS,
      isAnswer: isRefusal,
    });
  } catch (err) {
    if (!isRefusal(err)) throw err;
    return { kind: 'refused', error: err.message };
  }
}

/** Without what is the workflow's business alone. */
function wireTask({ type, params }: PlannedTask): Pick<PlannedTask, 'type' | 'params'> {
  return { type, ...(params !== undefined && { params }) };
}

async function outcomeOf(
  { sidecar }: ActivityDeps,
  target: SidecarTarget,
  id: string,
): Promise<RunSidecarTaskResult | string> {
  const task = await sidecar.getTask({ ...target, id });
  switch (task?.status) {
    case undefined:
      return { kind: 'forgotten' };
    case 'completed':
      return { kind: 'done' };
    case 'failed':
      return { kind: 'task-failed', error: task.error ?? 'no reason given' };
    case 'running':
      return `task ${id} is running`;
  }
}

/**
 * 400 is all that the sidecar has for refusals, whether its store is out of order for a moment or it
 * will never know the type of the task. So they are counted, unlike an outage.
 */
function isRefusal(err: unknown): err is SidecarError {
  return err instanceof SidecarError && err.failure.kind === 'http' && err.failure.status === 400;
}
