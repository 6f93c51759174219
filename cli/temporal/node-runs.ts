import type { WorkflowExecutionInfo } from '@temporalio/client';

import type { OpenTemporal } from './open-temporal.ts';

/** One run of a node's workflow, as far as Temporal retains it. */
export interface NodeRun {
  readonly runId: string;
  readonly type: string;
  /** As Temporal has it, such as RUNNING. */
  readonly status: string;
  readonly startedMs: number;
  /** Undefined while it is open. */
  readonly closedMs: number | undefined;
}

/** More than a node's history has entries: each update takes a run or two. */
const MOST_RUNS = 50;

/** The node's runs, newest first. */
export async function nodeRuns(
  { client }: OpenTemporal,
  workflowId: string,
): Promise<readonly NodeRun[]> {
  const runs: NodeRun[] = [];
  const query = `WorkflowId = '${workflowId}'`;
  for await (const run of client.workflow.list({ query, pageSize: MOST_RUNS })) {
    runs.push(nodeRunOf(run));
    if (runs.length === MOST_RUNS) break;
  }
  return runs.toSorted((one, other) => other.startedMs - one.startedMs);
}

function nodeRunOf({ runId, type, status, startTime, closeTime }: WorkflowExecutionInfo): NodeRun {
  return {
    runId,
    type,
    status: status.name,
    startedMs: startTime.getTime(),
    closedMs: closeTime?.getTime(),
  };
}

/** What the clocks of a worker and of Temporal may differ by. */
const CLOCK_SLACK_MS = 2_000;

/** The run that was open at a moment, in milliseconds since the epoch. */
export function runAt(runs: readonly NodeRun[], atMs: number): NodeRun | undefined {
  return runs.find(
    ({ startedMs, closedMs }) =>
      startedMs <= atMs + CLOCK_SLACK_MS && (closedMs ?? Infinity) >= atMs - CLOCK_SLACK_MS,
  );
}
