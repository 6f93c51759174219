import { condition } from '@temporalio/workflow';

import type { AnyRun } from './run.ts';

/** A watcher that is down for a deletion never tells of it; this often the run looks by itself. */
const LOOK_EVERY = '1 hour';

/** Waits for as long as it takes, but not for a node that is gone or being deleted meanwhile. */
export async function untilWokenOrGone(run: AnyRun, woken: () => boolean): Promise<void> {
  while (!(await condition(woken, LOOK_EVERY))) {
    const due = run.kind.dueOf(
      await run.kind.decisions.decideDueWork({ node: run.node, told: 'nothing' }),
    );
    if (due.kind === 'gone' || (due.kind === 'work' && due.deletes)) return;
  }
}
