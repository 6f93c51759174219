import { sleep } from '@temporalio/workflow';

import type { NodeGone, Superseded } from '../activities/contract/plan.ts';
import type { RolloutInput } from '../activities/contract/rollout.ts';
import type { RunSidecarTaskResult } from '../activities/contract/sidecar-round.ts';
import { assertNever } from '../domain/assert-never.ts';
import { FailureType } from '../domain/failure/failure-type.ts';
import type { RunningPod } from '../domain/pod/running-pod.ts';
import type { IdentifiedTask } from '../domain/sidecar/identified-tasks.ts';
import type { PlannedTask } from '../domain/sidecar/sidecar-plan.ts';
import { taskRetrySeconds } from '../domain/sidecar/sidecar-plan.ts';
import type { NodeRun } from './node-run.ts';
import { pauseBefore } from './pause-before.ts';
import { SidecarTaskFailure } from './sidecar-task-failure.ts';
import { hasNewerSpec } from './supersede.ts';
import { throughEndingStalls } from './through-stalls.ts';

/** A sidecar whose store is out of order for a moment refuses, too: the run tolerates two minutes of that. */
const TOLERATED_REFUSALS = 5;

export type SidecarTasksEnd =
  | NodeGone
  | Superseded
  | { readonly kind: 'pod-lost' }
  | { readonly kind: 'done' };

/**
 * Has the sidecar of the observed pod do the tasks, one after the other.
 *
 * @throws SidecarTaskFailure if one fails beyond its budget.
 */
export async function runSidecarTasks(
  run: NodeRun,
  rollout: RolloutInput,
  tasks: readonly IdentifiedTask[],
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
  task: IdentifiedTask,
  pod: RunningPod,
): Promise<SidecarTasksEnd> {
  const { node, planId } = rollout;
  const waitingFor =
    task.after === undefined
      ? 'the sidecar to complete it'
      : 'the sidecar to end what it does for an earlier spec, and to complete it';
  let failures = 0;
  let failedRun: number | undefined;
  run.show({ step: task.type, waitingFor });
  for (;;) {
    const end = await throughEndingStalls(run, rollout, waitingFor, (stallable) =>
      run.steps.runSidecarTask({
        ...rollout,
        ...stallable,
        pod,
        task,
        taskId: task.id,
        failedRun,
      }),
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
      case 'let-through':
        // Somebody else has let seid through: the next attempt takes the node over as it is.
        return { kind: 'superseded' };
      case 'forgotten':
        failedRun = undefined;
        run.pacing.blame(`the sidecar of pod ${pod.name} keeps forgetting task ${task.type}`);
        await pauseBefore(run, planId, 'turn');
        break;
      case 'refused':
      case 'task-failed':
        failures += 1;
        if (end.kind === 'task-failed') failedRun = end.run;
        // The spec no longer asks for what has failed: the attempt begins again.
        if (await hasNewerSpec(run, rollout)) return { kind: 'superseded' };
        if (failures > retriesOf(task, end)) {
          throw new SidecarTaskFailure(task.type, failures, end.error);
        }
        await recordTrouble(run, rollout, task, end.error);
        await backOff(run, task, failures, end);
        run.show({ waitingFor });
        break;
      default:
        return assertNever(end);
    }
  }
}

type Failure = Extract<RunSidecarTaskResult, { kind: 'refused' | 'task-failed' }>;

function retriesOf({ retries }: PlannedTask, { kind }: Failure): number {
  return kind === 'refused' ? Math.max(retries, TOLERATED_REFUSALS) : retries;
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

/** Waits until the task is due again; a changed spec ends the attempt, and this wait with it. */
async function backOff(
  run: NodeRun,
  task: PlannedTask,
  failures: number,
  failure: Failure,
): Promise<void> {
  const seconds = taskRetrySeconds(failures);
  run.show({
    waitingFor: `retry ${failures} of ${retriesOf(task, failure)} in ${seconds} s, a change of the spec, or the signal \`retry\``,
    lastError: `${task.type}: ${failure.error}`,
  });
  await sleep(`${seconds} seconds`);
}
