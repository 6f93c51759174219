import {
  allHandlersFinished,
  condition,
  makeContinueAsNewFunc,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';

import type { NodeGone } from '../activities/contract.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { DueWork, WorkKind } from '../domain/due-work.ts';
import type { NodeRunInput } from '../domain/node-run.ts';
import { retryDelay } from '../domain/retry-delay.ts';
import type { NodeRun } from './node-run.ts';
import type { WorkFailure } from './work-failure.ts';
import { workFailure } from './work-failure.ts';

const GONE: DueWork = { kind: 'nothing', why: 'the node is gone' };

/** How one attempt at the work ended. A superseded attempt is followed by the next at once. */
export type AttemptEnd =
  | NodeGone
  | { readonly kind: 'settled'; readonly due: DueWork }
  | { readonly kind: 'superseded' };

/** One kind of work, as the driver sees it. */
export interface Work {
  readonly kind: WorkKind;
  attempt(planId: string): Promise<AttemptEnd>;
  recordFailure(planId: string, failure: WorkFailure): Promise<void>;
}

/**
 * Attempts the work until nothing is due for the node any more. A failed attempt is recorded, and
 * the run parks until it is time, or worth it, to try again. When other work is due the run
 * continues as new into that type, so the workflow id stays held without a gap.
 */
export async function drive(run: NodeRun, work: Work): Promise<void> {
  let planId = uuid4();
  for (;;) {
    const end = await attempt(run, work, planId);
    switch (end.kind) {
      case 'superseded':
        // The same plan goes on: a newer target is a change of its aim, not another piece of work.
        break;
      case 'failed':
        await work.recordFailure(planId, end.failure);
        await park(run, end.failure);
        planId = uuid4();
        break;
      case 'gone':
        return await close(run, work, GONE);
      case 'settled': {
        run.failures = 0;
        const due = await dueNow(run, end.due);
        if (due.kind !== work.kind || run.successor !== undefined) {
          return await close(run, work, due);
        }
        planId = uuid4();
        break;
      }
      default:
        return assertNever(end);
    }
    if (run.successor !== undefined || workflowInfo().continueAsNewSuggested) {
      return await continueAs(run, work.kind);
    }
  }
}

async function attempt(
  run: NodeRun,
  work: Work,
  planId: string,
): Promise<AttemptEnd | { readonly kind: 'failed'; readonly failure: WorkFailure }> {
  try {
    run.markRead();
    return await work.attempt(planId);
  } catch (err) {
    const failure = workFailure(err);
    if (failure === undefined) throw err;
    return { kind: 'failed', failure };
  }
}

/** The due work as of now: what the attempt ended with, unless something changed since it read. */
async function dueNow(run: NodeRun, known: DueWork): Promise<DueWork> {
  let due = known;
  while (run.hasUnreadChange) {
    run.markRead();
    const decided = await run.decisions.decideDueWork({ node: run.node, told: run.lastTold });
    due = decided.kind === 'gone' ? GONE : decided;
  }
  return due;
}

/** Waits out a failure: for the time that its kind prescribes, a change of the node, or `retry`. */
async function park(run: NodeRun, failure: WorkFailure): Promise<void> {
  run.failures += 1;
  const delay = retryDelay(failure.reason, run.failures);
  const { retries, changes } = run;
  const woken = () => run.retries > retries || run.changes > changes || run.successor !== undefined;
  const lastError = `${failure.step}: ${failure.reason}: ${failure.message}`;
  if (delay.kind === 'on-change') {
    const waitingFor = 'a change of the node or of what stands in its way, or the signal `retry`';
    run.show({ step: 'parked', waitingFor, lastError }, { outcome: 'Failed' });
    await condition(woken);
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

async function close(run: NodeRun, work: Work, due: DueWork): Promise<void> {
  if (run.successor === undefined && due.kind === 'nothing') {
    run.show(
      { step: 'done', waitingFor: undefined },
      { outcome: due === GONE ? 'Gone' : 'Complete' },
    );
    await condition(allHandlersFinished);
    return;
  }
  await continueAs(run, due.kind === 'nothing' ? work.kind : due.kind);
}

async function continueAs(run: NodeRun, kind: WorkKind): Promise<void> {
  await condition(allHandlersFinished);
  const input: NodeRunInput =
    run.successor === undefined
      ? { node: run.node, failures: run.failures }
      : { node: run.successor };
  // Nothing of a node's bring-up is lost by starting with nodeInit: it asks what is due first.
  const workflowType = run.successor === undefined ? kind : 'nodeInit';
  await makeContinueAsNewFunc<(input: NodeRunInput) => Promise<void>>({ workflowType })(input);
}
