import vm from 'node:vm';

import { TypedSearchAttributes } from '@temporalio/common';
import type { WorkflowCreator } from '@temporalio/worker/lib/workflow/interface.js';
import { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import type { WorkflowInfo } from '@temporalio/workflow';

import { workflowBundle } from '../../../../worker/workflow-bundle.ts';

/** No bound on how long code may run without an await: Node takes a thread for each bounded call. */
const UNBOUNDED = undefined as unknown as number;

let creator: Promise<WorkflowCreator> | undefined;

/** Loads the bundle of this worker, in a VM as workers have it; once for a process. */
export function workflowVm(activityNames: readonly string[]): Promise<WorkflowCreator> {
  creator ??= createVm(activityNames);
  return creator;
}

async function createVm(activityNames: readonly string[]): Promise<WorkflowCreator> {
  const { code } = await workflowBundle();
  const filename = 'workflow-bundle.js';
  const sourceMap = { version: 3, sources: [], names: [], mappings: '', file: filename };
  // Calls its constructor, and not `create`, which hooks into every promise of the process for stack traces.
  return new ReusableVMWorkflowCreator(
    new vm.Script(code, { filename }),
    { code, filename, sourceMap },
    UNBOUNDED,
    new Set(activityNames),
  );
}

export interface RunIdentity {
  readonly workflowId: string;
  readonly workflowType: string;
  readonly runId: string;
  readonly firstRunId: string;
  readonly continuedFrom: string | undefined;
  readonly taskQueue: string;
  /** The seed of what it draws at random. */
  readonly seed: string;
}

/** Returns what a worker knows of a run at its first task; see the SDK's `worker.ts`. */
export function workflowInfoOf(run: RunIdentity, now: number): WorkflowInfo {
  return {
    workflowId: run.workflowId,
    runId: run.runId,
    workflowType: run.workflowType,
    searchAttributes: {},
    typedSearchAttributes: new TypedSearchAttributes(),
    taskQueue: run.taskQueue,
    namespace: 'simulation',
    firstExecutionRunId: run.firstRunId,
    originalExecutionRunId: run.runId,
    ...(run.continuedFrom !== undefined && { continuedFromExecutionRunId: run.continuedFrom }),
    startTime: new Date(now),
    runStartTime: new Date(now),
    taskTimeoutMs: 10_000,
    attempt: 1,
    historyLength: 0,
    historySize: 0,
    continueAsNewSuggested: false,
    targetWorkerDeploymentVersionChanged: false,
    unsafe: {
      now: () => now,
      isReplaying: false,
      isReplayingHistoryEvents: false,
      random: { random: Math.random } as unknown as WorkflowInfo['unsafe']['random'],
    },
  };
}
