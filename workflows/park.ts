import { condition } from '@temporalio/workflow';

import { retryDelay } from '../domain/retry-delay.ts';
import type { NodeRun } from './node-run.ts';
import { untilWokenOrGone } from './until-woken-or-gone.ts';
import type { WorkFailure } from './work-failure.ts';

/**
 * Waits out a failure: for the time that its kind prescribes, for a change of the node, or until
 * somebody steers the run.
 */
export async function park(run: NodeRun, failure: WorkFailure): Promise<void> {
  run.failures += 1;
  const delay = retryDelay(failure.reason, run.failures);
  const { changes } = run;
  const woken = () =>
    run.steering.hasCommand || run.changes > changes || run.successor !== undefined;
  const lastError = `${failure.step}: ${failure.reason}: ${failure.message}`;
  if (delay.kind === 'on-change') {
    const waitingFor = 'a change of the node or of what stands in its way, or the signal `retry`';
    run.show({ step: 'parked', waitingFor, lastError }, { outcome: 'Failed' });
    await untilWokenOrGone(run, woken);
    return;
  }
  if (delay.seconds === 0) {
    run.show({ lastError });
    return;
  }
  const waitingFor = `the next attempt in ${delay.seconds} s, or a change of the node or the signal \`retry\` before`;
  run.show({ step: 'parked', waitingFor, lastError }, { outcome: 'Failed' });
  await condition(woken, `${delay.seconds} seconds`);
}
