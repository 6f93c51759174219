import type { WorkflowExecutionInfo } from '@temporalio/client';

import type { OpenTemporal } from './open-temporal.ts';

/** One run of a node's workflow, as far as Temporal retains it. */
export interface NodeRun {
  readonly runId: string;
  readonly type: string;
  /** The name of the status in Temporal, such as RUNNING. */
  readonly status: string;
  readonly startedMs: number;
  /** Undefined while it is open. */
  readonly closedMs: number | undefined;
}

/** More than the entries of a node's history: each update takes one run or two. */
const MOST_RUNS = 50;

/** Lists the node's runs, newest first. */
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

/** The clocks of a worker and of Temporal may differ by this much. */
const CLOCK_SLACK_MS = 2_000;

/** Finds the run that was open at a moment, in milliseconds since the epoch. */
export function runAt(runs: readonly NodeRun[], atMs: number): NodeRun | undefined {
  return runs.find(
    ({ startedMs, closedMs }) =>
      startedMs <= atMs + CLOCK_SLACK_MS && (closedMs ?? Infinity) >= atMs - CLOCK_SLACK_MS,
  );
}
