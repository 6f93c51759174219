import { setTimeout as delay } from 'node:timers/promises';

import type { WorkKind } from '../../domain/work/due-work.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

/** Ten times what 100 runs take to close on two cores: a benchmark that hangs must end. */
const DEADLINE_MS = 60_000;
/** Rare enough that the questions cost Temporal next to nothing beside the rolls. */
const PAUSE_MS = 100;

/** Waits until no run of the testbed is open: a run closes a moment after it has written that it is complete. */
export async function untilRunsClosed(bed: Testbed): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    await delay(PAUSE_MS);
    const open = await countRuns(bed, "ExecutionStatus = 'Running'");
    if (open === 0) return;
    if (Date.now() > deadline) throw new Error(`${open} runs have not closed`);
  }
}

/** Counts the runs of a kind that have begun since a time. */
export function countRunsSince(bed: Testbed, kind: WorkKind, since: Date): Promise<number> {
  return countRuns(bed, `WorkflowType = '${kind}' AND StartTime > '${since.toISOString()}'`);
}

async function countRuns({ temporal, namespace }: Testbed, condition: string): Promise<number> {
  const { count } = await temporal.workflow.count(`TaskQueue = '${namespace}' AND ${condition}`);
  return count;
}
