import { condition } from '@temporalio/workflow';

import type { NodeRun } from './node-run.ts';

/** A watcher that is down for a deletion never tells of it; this often the run looks by itself. */
const LOOK_EVERY = '1 hour';

/** Waits for as long as it takes, but not for a node that is gone or being deleted meanwhile. */
export async function untilWokenOrGone(run: NodeRun, woken: () => boolean): Promise<void> {
  while (!(await condition(woken, LOOK_EVERY))) {
    const due = await run.decisions.decideDueWork({ node: run.node, told: 'nothing' });
    if (due.kind === 'gone' || due.kind === 'nodeDelete') return;
  }
}
