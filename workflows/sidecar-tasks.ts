import { condition } from '@temporalio/workflow';

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
import { pauseBefore } from './pacing.ts';
import { SidecarTaskFailure } from './sidecar-task-failure.ts';
import { throughSidecarStalls } from './through-stalls.ts';

/** A sidecar refuses for a moment, too, when its store is out of order: two minutes are borne with. */
const REFUSALS_BORNE = 5;

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
  pod: RunningPod,
): Promise<SidecarTasksEnd> {
  for (const task of tasks) {
    const end = await runTask(run, rollout, task, pod);
    if (end.kind !== 'done') return end;
  }
  return { kind: 'done' };
}

async function runTask(
  run: NodeRun,
  rollout: RolloutInput,
  task: PlannedTask,
  pod: RunningPod,
): Promise<SidecarTasksEnd> {
  const { node, planId } = rollout;
  const { taskIds } = run;
  const waitingFor = 'the sidecar to complete it';
  let failures = 0;
  run.show({ step: task.type, waitingFor });
  for (;;) {
    const taskId = taskIds.of(planId, task);
    const end = await throughSidecarStalls(run, rollout, waitingFor, (stallable) =>
      run.steps.runSidecarTask({ ...rollout, ...stallable, pod, task, taskId }),
    );
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
        taskIds.renew(task);
        run.pacing.blame(`the sidecar of pod ${pod.name} keeps forgetting task ${task.type}`);
        await pauseBefore(run, planId, 'turn');
        break;
      case 'refused':
      case 'task-failed':
        taskIds.renew(task);
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
