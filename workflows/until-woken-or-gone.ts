import { condition } from '@temporalio/workflow';

import type { AnyRun } from './run.ts';

/** A watcher that is down during a deletion never reports it, so the run looks this often. */
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
