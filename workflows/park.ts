import { condition } from '@temporalio/workflow';

import type { ParkedFailure } from '../domain/node-run.ts';
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
  if (delay.kind === 'after' && delay.seconds === 0) {
    run.show({ lastError: describe(failure) });
    return;
  }
  const until =
    delay.kind === 'after' ? new Date(Date.now() + delay.seconds * 1_000).toISOString() : undefined;
  await waitParked(run, { failure, until });
}

/**
 * Waits out a failure that this run, or the one before it, has recorded. When only the history is full,
 * it is left parked, and the next run waits on.
 */
export async function waitParked(run: NodeRun, parked: ParkedFailure): Promise<void> {
  const { failure, until } = parked;
  // What was told of while the attempt was under way may be what mends it.
  run.parked = run.hasUnreadChange ? undefined : parked;
  const woken = () => run.parked === undefined || run.isInterrupted;
  run.show(
    { step: 'parked', waitingFor: waitingFor(until), lastError: describe(failure) },
    { outcome: 'Failed' },
  );
  if (until === undefined) await untilWokenOrGone(run, woken);
  else await condition(woken, Math.max(0, Date.parse(until) - Date.now()));
  if (!run.isHistoryFull) run.parked = undefined;
}

function describe({ step, reason, message }: WorkFailure): string {
  return `${step}: ${reason}: ${message}`;
}

function waitingFor(until: string | undefined): string {
  if (until === undefined) {
    return 'a change of the node or of what stands in its way, or the signal `retry`';
  }
  const seconds = Math.ceil((Date.parse(until) - Date.now()) / 1_000);
  return `the next attempt in ${seconds} s, or a change of the node or the signal \`retry\` before`;
}
