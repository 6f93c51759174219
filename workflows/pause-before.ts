import { condition } from '@temporalio/workflow';

import type { PlanRef } from '../activities/contract/plan.ts';
import type { Stall } from '../domain/node/stall.ts';
import type { AnyRun } from './run.ts';

/**
 * Waits before a round that repeats another without progress, and records the reason on status. Ends early if somebody
 * steers the run, if the watcher reports news, or if the run has to go on in another.
 */
export async function pauseBefore(run: AnyRun, planId: string, round: string): Promise<void> {
  const pauseMs = run.pacing.next(round);
  if (pauseMs <= 0) return;
  const { news } = run.pacing;
  const { why } = run.pacing.state;
  const seconds = Math.ceil(pauseMs / 1_000);
  run.show({
    step: 'backing-off',
    waitingFor: `the next round in ${seconds} s, a change, or the signal \`retry\`${why === undefined ? '' : `: ${why}`}`,
  });
  if (why !== undefined) await recordNotConverging(run, { node: run.node, planId }, why);
  await untilOverOrNews(run, news, Date.now() + pauseMs);
}

/** A signal of a newer spec ends the pause as well, once a read has confirmed it. */
async function untilOverOrNews(run: AnyRun, news: number, untilMs: number): Promise<void> {
  const isNews = () => run.pacing.news > news || run.isInterrupted;
  const isHinted = () => run.inbox.hintedGeneration > run.inbox.confirmedGeneration;
  // A run that has read nothing yet does not know which generation is newer.
  if (run.inbox.confirmedGeneration === 0) await run.readTarget();
  const known = run.inbox.confirmedGeneration;
  run.pacing.begun(known);
  for (;;) {
    const leftMs = untilMs - Date.now();
    if (leftMs <= 0 || isNews()) return;
    await condition(() => isNews() || isHinted(), leftMs);
    if (!isHinted() || isNews()) return;
    await run.readTarget();
    if (run.inbox.confirmedGeneration > known) {
      run.pacing.begun(run.inbox.confirmedGeneration);
      return;
    }
  }
}

async function recordNotConverging(run: AnyRun, plan: PlanRef, message: string): Promise<void> {
  const trouble: Stall = { reason: 'NotConverging', message };
  await run.kind.steps.recordStall({ ...plan, trouble, exceeded: run.exceededDeadline });
  run.stall = trouble;
}
