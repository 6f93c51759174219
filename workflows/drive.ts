import { CancellationScope, condition, isCancellation, uuid4 } from '@temporalio/workflow';

import { assertNever } from '../domain/assert-never.ts';
import { failurePolicy } from '../domain/failure/failure-policy.ts';
import type { WorkFailure } from '../domain/failure/work-failure.ts';
import type { Hold } from '../domain/node/sei-node-status.ts';
import type { Command } from '../domain/plan/steering.ts';
import { dueByTurns, supersededAgain } from '../domain/work/not-converging.ts';
import { close, continueAs } from './close.ts';
import { answerCommands, carryOutCommands } from './commands.ts';
import type { Due } from './kind.ts';
import { park, waitParked } from './park.ts';
import { pauseBefore } from './pause-before.ts';
import type { Run } from './run.ts';
import { untilWokenOrGone } from './until-woken-or-gone.ts';
import { workFailure } from './work-failure.ts';
import type { AttemptEnd, Work } from './work.ts';

/** The run's next move once a round has ended. */
type Next =
  | { readonly kind: 'attempt'; readonly planId: string }
  | { readonly kind: 'close'; readonly due: Due; readonly planId: string };

/**
 * Attempts the work until nothing is due for the node. After a failed attempt, it records the failure and parks until
 * another attempt is due or worthwhile. If other work is due, the run continues as new with that type, so the workflow
 * id stays held without a gap.
 */
export async function drive<D>(run: Run<D>, work: Work<D>): Promise<void> {
  try {
    await attemptUntilSettled(run, work);
  } catch (err) {
    if (isCancellation(err) && CancellationScope.current().consideredCancelled) {
      await CancellationScope.nonCancellable(async () => {
        await holdCancelled(run);
        // Anybody who sees the hold may lift it at once, and this run still receives the command.
        await carryOutCommands(run, run.workflowId);
        await answerCommands(run, run.workflowId);
      });
    }
    throw err;
  }
}

async function attemptUntilSettled<D>(run: Run<D>, work: Work<D>): Promise<void> {
  let planId = run.carriedPlanId ?? uuid4();
  if (run.parked !== undefined) await waitParked(run, run.parked);
  for (;;) {
    if (run.mustContinue) return await continueAs(run, work.kind, planId);
    await carryOutCommands(run, planId);
    await pauseBefore(run, planId, work.kind);
    if (run.isInterrupted) continue;
    const next = await afterRound(run, work, planId, await round(run, work, planId));
    if (next.kind === 'close') return await close(run, work.kind, next.due, next.planId);
    ({ planId } = next);
  }
}

async function afterRound<D>(
  run: Run<D>,
  work: Work<D>,
  planId: string,
  { did, end }: Round<D>,
): Promise<Next> {
  // The end of this round is to blame for the next one, unless status says so already.
  run.pacing.blame(undefined);
  switch (end.kind) {
    case 'superseded':
      // The plan goes on: a newer target changes its aim, and is not another piece of work.
      run.pacing.blame(supersededAgain(did.kind));
      return { kind: 'attempt', planId };
    case 'failed': {
      const next = await afterFailure(run, did, planId, end.failure);
      return { kind: 'attempt', planId: did === work ? next : planId };
    }
    case 'gone':
      return afterSettled(run, work, planId, await decide(run));
    case 'settled':
      return afterSettled(run, work, planId, await dueNow(run, end.due));
    default:
      return assertNever(end);
  }
}

/** Waits if the node is held or failed; else the plan is done, and the next one has a new id. */
async function afterSettled<D>(
  run: Run<D>,
  work: Work<D>,
  planId: string,
  due: Due,
): Promise<Next> {
  if (due.kind === 'held') {
    // Each trouble under a hold is a new one: a pod that was lost again, a sidecar that restarted.
    run.pacing.settled();
    await waitHeld(run, due.hold);
    return { kind: 'attempt', planId };
  }
  if (due.kind === 'failed') {
    await waitFailed(run);
    return { kind: 'attempt', planId };
  }
  if (due.kind === 'work' && due.servesUnderHold) {
    run.pacing.blame(due.again());
    return { kind: 'attempt', planId };
  }
  run.steering.held = false;
  run.failures = 0;
  const next = uuid4();
  if (run.steering.hasCommand) return { kind: 'attempt', planId: next };
  if (due.kind === 'work') {
    const isSame = due.type === work.kind && run.successor === undefined;
    run.pacing.blame(isSame ? due.again() : dueByTurns(work.kind, due.type));
    if (isSame) return { kind: 'attempt', planId: next };
  }
  return { kind: 'close', due, planId: next };
}

type Failed = { readonly kind: 'failed'; readonly failure: WorkFailure };

interface Round<D> {
  readonly did: Work<D>;
  readonly end: AttemptEnd<D> | Failed;
}

/**
 * Makes one attempt at the work. If the node is held, lets its pod through instead, in this same run, so that `resume`
 * finds it. The plan waits meanwhile: work for a held node is no step of it.
 */
async function round<D>(run: Run<D>, work: Work<D>, planId: string): Promise<Round<D>> {
  run.show({ heldBy: undefined });
  const end = await attempt(run, work, planId);
  const due = end.kind === 'settled' ? run.kind.dueOf(end.due) : end;
  const serving = work.underHold;
  if (due.kind !== 'work' || !due.servesUnderHold || serving === undefined)
    return { did: work, end };
  return { did: serving, end: await attempt(run, serving, uuid4()) };
}

async function attempt<D>(
  run: Run<D>,
  work: Work<D>,
  planId: string,
): Promise<AttemptEnd<D> | Failed> {
  try {
    run.inbox.markRead();
    return await work.attempt(planId);
  } catch (err) {
    const failure = workFailure(err);
    if (failure === undefined) throw err;
    return { kind: 'failed', failure };
  }
}

/** Records a failure and waits it out. Returns the plan under which the next attempt goes on. */
async function afterFailure<D>(
  run: Run<D>,
  work: Work<D>,
  planId: string,
  failure: WorkFailure,
): Promise<string> {
  if (failurePolicy(failure.reason).shows === 'stall') {
    // The work goes on, visibly stalled, and recovers once somebody has mended the cause.
    const { node } = run;
    const { reason, message } = failure;
    await run.kind.steps.recordStall({ node, planId, trouble: { reason, message } });
    await park(run, failure);
    return planId;
  }
  await work.recordFailure(planId, failure);
  if (work.isFinal?.(failure) === true) {
    run.failures += 1;
    run.show({ lastError: `${failure.step}: ${failure.reason}: ${failure.message}` });
  } else {
    await park(run, failure);
  }
  return uuid4();
}

/** Keeps the run open during a hold, though nothing is to be done, so that the hold can be lifted here. */
async function waitHeld<D>(run: Run<D>, hold: Hold): Promise<void> {
  run.steering.held = true;
  run.show(
    {
      step: 'held',
      waitingFor: `signal \`resume\`: held by ${hold.actor} (${hold.reason}) since ${hold.since}`,
    },
    { outcome: 'Held' },
  );
  const { changes } = run.inbox;
  await untilWokenOrGone(run, () => run.inbox.changes > changes || run.isInterrupted);
}

/** Keeps the run open so that it can receive `retry`; no other change of the node is a reason to try again. */
async function waitFailed<D>(run: Run<D>): Promise<void> {
  run.show(
    { step: 'failed', waitingFor: 'a change of the spec, or the signal `retry`' },
    { outcome: 'Failed' },
  );
  await untilWokenOrGone(run, () => run.inbox.hasUnreadChange || run.isInterrupted);
}

/** Holds the node of a run that was cancelled in Temporal: it stops safely, and stays stopped until `resume`. */
async function holdCancelled<D>(run: Run<D>): Promise<void> {
  const command: Command = {
    kind: 'pause',
    actor: 'Temporal',
    reason: 'the run was cancelled; send resume to go on',
  };
  await run.kind.steps.steer({
    node: run.node,
    planId: run.workflowId,
    command,
    by: 'somebody',
  });
}

/** Returns the work due now: that of the attempt's end, unless something has changed since the attempt read it. */
async function dueNow<D>(run: Run<D>, known: D): Promise<Due> {
  await condition(() => !run.isLooking);
  let due = run.kind.dueOf(known);
  while (run.inbox.hasUnreadChange) due = await decide(run);
  return due;
}

/** Decides from a read. It also shows if a node that a step found gone is only being deleted. */
async function decide<D>(run: Run<D>): Promise<Due> {
  run.inbox.markRead();
  const decided = await run.kind.decisions.decideDueWork({
    node: run.node,
    told: run.inbox.lastTold,
  });
  const due = run.kind.dueOf(decided);
  if (due.kind === 'gone') run.successor ??= due.successor;
  return due;
}
