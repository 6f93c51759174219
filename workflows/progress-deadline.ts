import { condition } from '@temporalio/workflow';

import type { Begun } from '../activities/contract/begin.ts';
import type { ProgressChecked } from '../activities/contract/bookkeeping.ts';
import type { AttemptInput } from '../activities/contract/plan.ts';
import type { Stall } from '../domain/node/stall.ts';
import type { ProgressPolicy } from '../domain/work/progress-deadline.ts';
import { lateStall } from '../domain/work/progress-deadline.ts';
import { interruptible } from './interruptible.ts';
import type { Lateness } from './lateness.ts';
import type { NodeRun } from './node-run.ts';

/** The deadline has passed, the policy asks for a rollback, and the work has ended. */
export interface Late {
  readonly kind: 'late';
  readonly reason: string;
}

/** The shortest wait between two looks, however short the deadline. */
const SHORTEST_SLICE_MS = 5_000;
/** The longest wait while a pod ends within its grace, and so the longest delay of the deadline after that. */
const LONGEST_GRACE_SLICE_MS = 10 * 60_000;
/** The number of slices of a deadline: an outage that is shorter than one may count in part. */
const SLICES = 4;

/**
 * Runs `work`, and records a stall if it makes no progress for as long as the policy allows. The work goes on all the
 * same: it may still succeed. With `rollsBack`, if the policy asks for a rollback and one is possible, it ends the work
 * and returns `late`, unless the work succeeds before that.
 *
 * The workflow's clock measures the time, and only time in which somebody could work counts: the run waits for the
 * deadline in slices, and looks live after each. A timer that fires late (no worker, no Temporal) and a look that takes
 * long (no API server) add nothing. Nor does time in which a pod ends within its grace, even if that is longer than the
 * deadline: it was given to the pod.
 */
export async function withProgressDeadline<T>(
  run: NodeRun,
  attempt: Pick<AttemptInput, 'node' | 'planId'>,
  begun: Pick<Begun, 'policy' | 'target'>,
  work: () => Promise<T>,
  { rollsBack = false }: { readonly rollsBack?: boolean } = {},
): Promise<T | Late> {
  const { target } = begun;
  const { lateness } = run;
  lateness.begin(`${attempt.planId} ${target.image} ${target.sidecarImage} ${target.replicas}`);
  let reason = '';
  const end = await interruptible(async (interrupt) => {
    let { policy } = begun;
    let known = run.inbox.confirmedGeneration;
    let shown = lateness.exceeded;
    let looksInGrace = 0;
    const show = async (stall: Stall | undefined): Promise<void> => {
      lateness.exceed(stall);
      if (stall?.message === shown?.message) return;
      shown = stall;
      const { node, planId } = attempt;
      await run.steps.recordStall({ node, planId, trouble: run.stall, exceeded: stall });
    };
    for (;;) {
      const spentMs = await slice(run, policy, known, looksInGrace);
      if (lateness.isSuspended) {
        await condition(() => !lateness.isSuspended);
        continue;
      }
      known = run.inbox.confirmedGeneration;
      const { node, planId } = attempt;
      const checked = await run.steps.checkProgress({ node, planId });
      if (checked.kind === 'gone') return;
      ({ policy } = checked);
      lateness.saw(checked.stage);
      looksInGrace = checked.isPodInGrace === true ? looksInGrace + 1 : 0;
      const isInGrace = looksInGrace > 0;
      if (isInGrace) lateness.forgive(spentMs);
      if (isInGrace || lateness.spentMs < policy.deadlineSeconds * 1_000) {
        await show(undefined);
        continue;
      }
      const rollback = rollsBack && policy.autoRollback ? rollbackOf(lateness, checked) : undefined;
      const stall = lateStall(target, policy, rollback?.why);
      await show(stall);
      if (rollback === undefined || rollback.why !== undefined) continue;
      reason = stall.message;
      interrupt();
      return;
    }
  }, work);
  return end.kind === 'ended' ? end.result : { kind: 'late', reason };
}

/**
 * Waits for a while, or for another spec, whose policy counts at once.
 *
 * @param looksInGrace the number of looks in a row that found a pod ending within its grace.
 * @returns the time that counts, in milliseconds.
 */
async function slice(
  run: NodeRun,
  policy: ProgressPolicy,
  known: number,
  looksInGrace: number,
): Promise<number> {
  const { lateness } = run;
  const isTold = () => run.inbox.confirmedGeneration > known;
  const limitMs = policy.deadlineSeconds * 1_000;
  const leftMs = limitMs - lateness.spentMs;
  const shortestMs = Math.max(limitMs / SLICES, SHORTEST_SLICE_MS);
  if (looksInGrace > 0) {
    // Ever longer, since a grace may be a week, and the history has to hold all the looks.
    const graceMs = Math.min(shortestMs * 2 ** (looksInGrace - 1), LONGEST_GRACE_SLICE_MS);
    await condition(isTold, graceMs);
    return 0;
  }
  if (lateness.exceeded !== undefined && leftMs <= 0) {
    // The stall is recorded; only progress, which `work` sees first, or another policy changes it.
    await condition(() => isTold() || lateness.exceeded === undefined);
    return 0;
  }
  const sliceMs = Math.max(0, Math.min(leftMs, shortestMs));
  const startedMs = Date.now();
  await condition(isTold, sliceMs);
  const spentMs = Math.min(Date.now() - startedMs, sliceMs);
  lateness.spend(spentMs);
  return spentMs;
}

function rollbackOf(
  { refusedRollback }: Lateness,
  { notRolledBack }: ProgressChecked,
): { readonly why: string | undefined } {
  return { why: notRolledBack ?? refusedRollback };
}
