import {
  allHandlersFinished,
  CancellationScope,
  condition,
  isCancellation,
  makeContinueAsNewFunc,
  uuid4,
} from '@temporalio/workflow';

import { assertNever } from '../domain/assert-never.ts';
import type { DueWork, WorkKind } from '../domain/due-work.ts';
import { isWork, servesUnderHold } from '../domain/due-work.ts';
import { failurePolicy } from '../domain/failure-policy.ts';
import type { NodeRunInput } from '../domain/node-run.ts';
import { dueAgain, dueByTurns, supersededAgain } from '../domain/not-converging.ts';
import type { Hold } from '../domain/sei-node-status.ts';
import type { Command } from '../domain/steering.ts';
import type { WorkFailure } from '../domain/work-failure.ts';
import { answerCommands, carryOutCommands } from './commands.ts';
import type { NodeRun } from './node-run.ts';
import { park, waitParked } from './park.ts';
import { pauseBefore } from './pause-before.ts';
import { syncWork } from './sync-work.ts';
import { untilWokenOrGone } from './until-woken-or-gone.ts';
import { workFailure } from './work-failure.ts';
import type { AttemptEnd, Work } from './work.ts';

const GONE: DueWork = { kind: 'nothing', why: 'the node is gone' };

/**
 * Attempts the work until nothing is due for the node any more. A failed attempt is recorded, and
 * the run parks until it is time, or worth it, to try again. When other work is due the run
 * continues as new into that type, so the workflow id stays held without a gap.
 */
export async function drive(run: NodeRun, work: Work): Promise<void> {
  try {
    await attemptUntilSettled(run, work);
  } catch (err) {
    if (isCancellation(err) && CancellationScope.current().consideredCancelled) {
      await CancellationScope.nonCancellable(async () => {
        await holdCancelled(run);
        // Whoever sees the hold may lift it at once, and this run is still the one that is told.
        await carryOutCommands(run, run.workflowId);
        await answerCommands(run, run.workflowId);
      });
    }
    throw err;
  }
}

async function attemptUntilSettled(run: NodeRun, work: Work): Promise<void> {
  let planId = run.carriedPlanId ?? uuid4();
  if (run.parked !== undefined) {
    await waitParked(run, run.parked);
    if (run.mustContinue) return await continueAs(run, work.kind, planId);
  }
  for (;;) {
    await carryOutCommands(run, planId);
    await pauseBefore(run, planId, work.kind);
    if (run.mustContinue) return await continueAs(run, work.kind, planId);
    if (run.steering.hasCommand) continue;
    const { did, end } = await round(run, work, planId);
    // What the round ends with is to blame for the next, unless status says so already.
    run.pacing.blame(undefined);
    switch (end.kind) {
      case 'superseded':
        // The same plan goes on: a newer target is a change of its aim, not another piece of work.
        run.pacing.blame(supersededAgain(did.kind));
        break;
      case 'failed': {
        const next = await fail(run, did, planId, end.failure);
        if (did === work) planId = next;
        break;
      }
      case 'gone':
      case 'settled': {
        const due = end.kind === 'gone' ? await decide(run) : await dueNow(run, end.due);
        if (due.kind === 'held') {
          // What is met under a hold is another story each time: a pod that was lost again, a sidecar.
          run.pacing.settled();
          await waitHeld(run, due.hold);
          break;
        }
        if (due.kind === 'failed') {
          await waitFailed(run);
          break;
        }
        if (servesUnderHold(due)) {
          run.pacing.blame(dueAgain(due));
          break;
        }
        run.steering.held = false;
        run.failures = 0;
        planId = uuid4();
        if (run.steering.hasCommand) break;
        if (due.kind !== work.kind || run.successor !== undefined) {
          if (isWork(due)) run.pacing.blame(dueByTurns(work.kind, due.kind));
          return await close(run, work, due, planId);
        }
        run.pacing.blame(dueAgain(due));
        break;
      }
      default:
        return assertNever(end);
    }
    if (run.mustContinue) return await continueAs(run, work.kind, planId);
  }
}

type Failed = { readonly kind: 'failed'; readonly failure: WorkFailure };

interface Round {
  readonly did: Work;
  readonly end: AttemptEnd | Failed;
}

/**
 * One attempt at the work. Where the node is held, the pod is let through instead, in this same run, which
 * `resume` finds. The plan waits: what is done for a held node is no step of it.
 */
async function round(run: NodeRun, work: Work, planId: string): Promise<Round> {
  run.show({ heldBy: undefined });
  const end = await attempt(run, work, planId);
  const isServing = end.kind === 'settled' && servesUnderHold(end.due);
  if (!isServing || work.kind === 'nodeSync') return { did: work, end };
  const serving = syncWork(run);
  return { did: serving, end: await attempt(run, serving, uuid4()) };
}

async function attempt(run: NodeRun, work: Work, planId: string): Promise<AttemptEnd | Failed> {
  try {
    run.markRead();
    return await work.attempt(planId);
  } catch (err) {
    const failure = workFailure(err);
    if (failure === undefined) throw err;
    return { kind: 'failed', failure };
  }
}

/** Records a failure and waits it out. Returns the plan under which the next attempt goes on. */
async function fail(
  run: NodeRun,
  work: Work,
  planId: string,
  failure: WorkFailure,
): Promise<string> {
  if (failurePolicy(failure.reason).shows === 'stall') {
    // The work goes on, visibly stalled, and un-sticks when that is mended.
    const { node } = run;
    const { reason, message } = failure;
    await run.steps.recordStall({ node, planId, trouble: { reason, message } });
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

/** While a hold stands there is nothing to do, but the run stays open, so that it can be lifted here. */
async function waitHeld(run: NodeRun, hold: Hold): Promise<void> {
  run.steering.held = true;
  run.show(
    {
      step: 'held',
      waitingFor: `signal \`resume\`: held by ${hold.actor} (${hold.reason}) since ${hold.since}`,
    },
    { outcome: 'Held' },
  );
  const { changes } = run;
  await untilWokenOrGone(run, () => run.changes > changes || run.isInterrupted);
}

/** The run stays open, so that `retry` can be sent to it; what else happens to the node is no cause. */
async function waitFailed(run: NodeRun): Promise<void> {
  run.show(
    { step: 'failed', waitingFor: 'a change of the spec, or the signal `retry`' },
    { outcome: 'Failed' },
  );
  await untilWokenOrGone(run, () => run.hasUnreadChange || run.isInterrupted);
}

/** Somebody cancelled the run in Temporal: it stops safely, and does not begin again by itself. */
async function holdCancelled(run: NodeRun): Promise<void> {
  const command: Command = {
    kind: 'pause',
    actor: 'Temporal',
    reason: 'the run was cancelled; send resume to go on',
  };
  await run.steps.steer({
    node: run.node,
    planId: run.workflowId,
    command,
    by: 'somebody',
  });
}

/** The due work as of now: what the attempt ended with, unless something changed since it read. */
async function dueNow(run: NodeRun, known: DueWork): Promise<DueWork> {
  await condition(() => !run.isLooking);
  let due = known;
  while (run.hasUnreadChange) due = await decide(run);
  return due;
}

/** Decides by reading. Whether a node that a step called gone is only being deleted, this tells. */
async function decide(run: NodeRun): Promise<DueWork> {
  run.markRead();
  const decided = await run.decisions.decideDueWork({ node: run.node, told: run.lastTold });
  if (decided.kind !== 'gone') return decided;
  run.successor ??= decided.successor;
  return GONE;
}

async function close(run: NodeRun, work: Work, due: DueWork, planId: string): Promise<void> {
  if (run.successor === undefined && due.kind === 'nothing') {
    // Whoever waits for an answer gets one: there is nothing left to steer.
    run.steering.refuseAll(due.why);
    run.show(
      { step: 'done', waitingFor: undefined },
      { outcome: due === GONE ? 'Gone' : 'Complete' },
    );
    await condition(allHandlersFinished);
    return;
  }
  await continueAs(run, isWork(due) ? due.kind : work.kind, planId);
}

async function continueAs(run: NodeRun, kind: WorkKind, planId: string): Promise<void> {
  // Commands are for the node of the name: what nobody waits for, another node's run carries out.
  if (run.successor === undefined) await carryOutCommands(run, planId);
  await answerCommands(run, planId);
  await condition(allHandlersFinished);
  const input: NodeRunInput =
    run.successor === undefined
      ? { node: run.node, ...run.carriedState(planId) }
      : { node: run.successor, commands: run.steering.left };
  // Nothing of a node's bring-up is lost by starting with nodeInit: it asks what is due first.
  const workflowType = run.successor === undefined ? kind : 'nodeInit';
  await makeContinueAsNewFunc<(input: NodeRunInput) => Promise<void>>({ workflowType })(input);
}
