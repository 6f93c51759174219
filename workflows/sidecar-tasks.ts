import { condition, uuid4 } from '@temporalio/workflow';

import type {
  NodeGone,
  RolloutInput,
  RunSidecarTaskResult,
  Superseded,
} from '../activities/contract.ts';
import { assertNever } from '../domain/assert-never.ts';
import { FailureType } from '../domain/failure-type.ts';
import type { RunningPod } from '../domain/rollout.ts';
import type { PlannedTask } from '../domain/sidecar-plan.ts';
import { taskRetrySeconds } from '../domain/sidecar-plan.ts';
import type { NodeRun } from './node-run.ts';
import { ROUND_PAUSE } from './rollout.ts';
import { SidecarTaskFailure } from './sidecar-task-failure.ts';

/** A sidecar refuses for a moment, too, when its store is out of order: two minutes are borne with. */
const REFUSALS_BORNE = 5;

/**
 * The ids under which a plan's tasks are known to the sidecar. A task keeps its id through pauses and
 * pod replacements: results are kept on the volume, so what is done is answered at once, and what runs
 * is waited for and not begun a second time beside it.
 */
export class SidecarTaskIds {
  readonly #ids = new Map<string, string>();

  of(planId: string, task: PlannedTask): string {
    const key = keyOf(planId, task);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = uuid4();
    this.#ids.set(key, id);
    return id;
  }

  /** The task is done with under its id: it runs anew under the next. */
  renew(planId: string, task: PlannedTask): void {
    this.#ids.delete(keyOf(planId, task));
  }
}

/** A task with other parameters, after a change of the spec, is another task. */
function keyOf(planId: string, { type, params }: PlannedTask): string {
  return JSON.stringify([planId, type, params]);
}

export type SidecarTasksEnd =
  | NodeGone
  | Superseded
  | { readonly kind: 'pod-lost' }
  | { readonly kind: 'done' };

/**
 * Has the sidecar of the observed pod do the tasks, one after the other.
 *
 * @throws SidecarTaskFailure when one fails beyond its budget.
 */
export async function runSidecarTasks(
  run: NodeRun,
  rollout: RolloutInput,
  tasks: readonly PlannedTask[],
  ids: SidecarTaskIds,
  pod: RunningPod,
): Promise<SidecarTasksEnd> {
  for (const task of tasks) {
    const end = await runTask(run, rollout, task, ids, pod);
    if (end.kind !== 'done') return end;
  }
  return { kind: 'done' };
}

async function runTask(
  run: NodeRun,
  rollout: RolloutInput,
  task: PlannedTask,
  ids: SidecarTaskIds,
  pod: RunningPod,
): Promise<SidecarTasksEnd> {
  const { node, planId } = rollout;
  const waitingFor = 'the sidecar to complete it';
  let failures = 0;
  run.show({ step: task.type, waitingFor });
  for (;;) {
    const taskId = ids.of(planId, task);
    const end = await run.steps.runSidecarTask({ ...rollout, pod, task, taskId });
    switch (end.kind) {
      case 'gone':
      case 'superseded':
      case 'pod-lost':
        return end;
      case 'done':
        if (failures > 0) {
          run.show({ lastError: undefined });
          await run.steps.recordStall({ node, planId, trouble: undefined });
        }
        return end;
      case 'forgotten':
        ids.renew(planId, task);
        await condition(() => false, ROUND_PAUSE);
        break;
      case 'refused':
      case 'task-failed':
        ids.renew(planId, task);
        failures += 1;
        // What has failed is not what the spec asks for any more: the attempt begins anew.
        if (hasNewerSpec(run, rollout)) return { kind: 'superseded' };
        if (failures > retriesOf(task, end)) {
          throw new SidecarTaskFailure(task.type, failures, end.error);
        }
        await recordTrouble(run, rollout, task, end.error);
        if (await backOff(run, rollout, task, failures, end)) return { kind: 'superseded' };
        run.show({ waitingFor });
        break;
      default:
        return assertNever(end);
    }
  }
}

type Failure = Extract<RunSidecarTaskResult, { kind: 'refused' | 'task-failed' }>;

function retriesOf({ retries }: PlannedTask, { kind }: Failure): number {
  return kind === 'refused' ? Math.max(retries, REFUSALS_BORNE) : retries;
}

async function recordTrouble(
  run: NodeRun,
  { node, planId }: RolloutInput,
  { type }: PlannedTask,
  error: string,
): Promise<void> {
  const trouble = { reason: FailureType.SidecarTaskFailed, message: `${type}: ${error}` };
  await run.steps.recordStall({ node, planId, trouble });
}

/** Waits until the task is due again. Returns whether the spec was changed meanwhile. */
async function backOff(
  run: NodeRun,
  rollout: RolloutInput,
  task: PlannedTask,
  failures: number,
  failure: Failure,
): Promise<boolean> {
  const seconds = taskRetrySeconds(failures);
  run.show({
    waitingFor: `retry ${failures} of ${retriesOf(task, failure)} in ${seconds} s, a change of the spec, or the signal \`retry\``,
    lastError: `${task.type}: ${failure.error}`,
  });
  return condition(() => hasNewerSpec(run, rollout), `${seconds} seconds`);
}

function hasNewerSpec(run: NodeRun, { generation }: RolloutInput): boolean {
  return run.newestGeneration > generation;
}
