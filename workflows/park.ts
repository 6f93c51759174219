import { condition } from '@temporalio/workflow';

import { failurePolicy } from '../domain/failure/failure-policy.ts';
import { LONGEST_DELAY_SECONDS, retryDelaySeconds } from '../domain/failure/retry-delay.ts';
import type { WorkFailure } from '../domain/failure/work-failure.ts';
import type { ParkedFailure } from '../domain/run/node-run.ts';
import type { AnyRun } from './run.ts';

/**
 * Waits out a failure: for the time that its kind prescribes, for a change of the node, or until somebody steers the
 * run.
 */
export async function park(run: AnyRun, failure: WorkFailure): Promise<void> {
  run.failures += 1;
  const seconds = retryDelaySeconds(failure.reason, run.failures);
  if (seconds === 0) {
    run.show({ lastError: describe(failure) });
    return;
  }
  const until = new Date(Date.now() + seconds * 1_000).toISOString();
  await waitParked(run, { failure, until });
}

/**
 * Waits out a failure that this run, or the one before it, has recorded. If the history is full, leaves the run parked,
 * and the next run waits on.
 */
export async function waitParked(run: AnyRun, parked: ParkedFailure): Promise<void> {
  const { failure, until } = parked;
  // A change that came during the attempt may be what mends the failure.
  run.parked = run.inbox.hasUnreadChange ? undefined : parked;
  const woken = () => run.parked === undefined || run.isInterrupted;
  run.show(
    { step: 'parked', waitingFor: waitingFor(parked), lastError: describe(failure) },
    { outcome: 'Failed' },
  );
  // A time further ahead was made up by whoever started the run.
  const leftMs = Math.min(Date.parse(until) - Date.now(), LONGEST_DELAY_SECONDS * 1_000);
  await condition(woken, Math.max(0, leftMs));
  if (!run.isHistoryFull) run.parked = undefined;
}

function describe({ step, reason, message }: WorkFailure): string {
  return `${step}: ${reason}: ${message}`;
}

function waitingFor({ failure, until }: ParkedFailure): string {
  if (failurePolicy(failure.reason).retry === 'on-change') {
    return 'a change of the node or of what stands in its way, or the signal `retry`';
  }
  const seconds = Math.ceil((Date.parse(until) - Date.now()) / 1_000);
  return `the next attempt in ${seconds} s, or a change of the node or the signal \`retry\` before`;
}
