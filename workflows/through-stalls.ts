import { condition } from '@temporalio/workflow';

import type { PlanRef, Stallable } from '../activities/contract/plan.ts';
import type { ShownStall, StallChange } from '../domain/node/stall.ts';
import type { NodeRun } from './node-run.ts';
import { sideBySide } from './side-by-side.ts';

/** A trouble and its end: a step that goes on at once may well return with both. */
const RETURNS_AT_ONCE = 2;
/** The time from one call of a step that keeps returning to the next; honest ones take longer anyway. */
const FIRST_GAP_MS = 10_000;
/** The longest delay of news in between; it bounds a day to some 1,500 such calls. */
const LONGEST_GAP_MS = 120_000;

/**
 * Calls a step until it ends, and records each trouble that holds it back, and its end. A trouble that changes too
 * often is recorded later, if it still stands; the step goes on meanwhile, because nobody else would see that it can
 * end.
 *
 * @param waitingFor what the step waits for if nothing holds it back.
 */
export async function throughStalls<T extends { readonly kind: string }>(
  run: NodeRun,
  { node, planId }: PlanRef,
  waitingFor: string,
  step: (stallable: Stallable) => Promise<T | StallChange>,
): Promise<Exclude<T, StallChange>> {
  /** `run.stall` is what status says. */
  let known = run.stall;
  let isUnsaid = false;
  let returns = 0;
  const say = async (): Promise<void> => {
    isUnsaid = false;
    returns = 0;
    run.pacing.flipped();
    if (isSameStall(known, run.stall)) return;
    run.stall = known;
    await run.steps.recordStall({ node, planId, trouble: known, exceeded: run.exceededDeadline });
  };
  for (;;) {
    const patienceMs = run.pacing.flipPatienceMs;
    if (isUnsaid && patienceMs === 0) {
      await say();
      continue;
    }
    const beganMs = Date.now();
    const call = () => step({ known, patienceMs });
    const result = isUnsaid ? await withReminder(call, patienceMs, say) : await call();
    if (!isStallChange(result)) return result as Exclude<T, StallChange>;
    known = result.kind === 'blocked' ? result.trouble : undefined;
    isUnsaid = true;
    run.show({
      waitingFor:
        known === undefined ? waitingFor : `${known.reason} to be mended: ${known.message}`,
    });
    returns += 1;
    const leftMs = Math.min(beganMs + gapMs(returns), beganMs + patienceMs) - Date.now();
    if (leftMs > 0) await condition(() => false, leftMs);
  }
}

function gapMs(returns: number): number {
  if (returns <= RETURNS_AT_ONCE) return 0;
  return Math.min(FIRST_GAP_MS * 2 ** (returns - RETURNS_AT_ONCE - 1), LONGEST_GAP_MS);
}

/** Does `remind` once a step has taken that long. */
async function withReminder<T>(
  step: () => Promise<T>,
  afterMs: number,
  remind: () => Promise<void>,
): Promise<T> {
  let hasEnded = false;
  const [result] = await sideBySide(
    async () => {
      try {
        return await step();
      } finally {
        hasEnded = true;
      }
    },
    async () => {
      if (!(await condition(() => hasEnded, afterMs))) await remind();
    },
  );
  return result;
}

function isSameStall(one: ShownStall | undefined, other: ShownStall | undefined): boolean {
  return one?.reason === other?.reason && one?.message === other?.message;
}

/** Does the same for a step that alone holds the node back: once it has ended, the stall that it reported is over. */
export async function throughEndingStalls<T extends { readonly kind: string }>(
  run: NodeRun,
  plan: PlanRef,
  waitingFor: string,
  step: (stallable: Stallable) => Promise<T | StallChange>,
): Promise<Exclude<T, StallChange>> {
  const end = await throughStalls(run, plan, waitingFor, step);
  if (run.stall === undefined) return end;
  run.stall = undefined;
  const { node, planId } = plan;
  const exceeded = run.exceededDeadline;
  await run.steps.recordStall({ node, planId, trouble: undefined, exceeded });
  return end;
}

function isStallChange(result: { readonly kind: string }): result is StallChange {
  return result.kind === 'blocked' || result.kind === 'unblocked';
}
