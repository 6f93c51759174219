import { condition } from '@temporalio/workflow';

import type { Superseded } from '../activities/contract.ts';
import type { Target } from '../domain/target.ts';
import { isSameTarget } from '../domain/target.ts';
import { interruptible } from './interruptible.ts';
import type { NodeRun } from './node-run.ts';

/**
 * Runs `work` until it ends, or until the node wants another target than the one it began with, or
 * somebody steers the run, or its history is full. Then the work is cancelled and its end is awaited:
 * nothing of the old target is written after this has returned.
 */
export async function untilSuperseded<T>(
  run: NodeRun,
  begun: { readonly generation: number; readonly target: Target },
  work: () => Promise<T>,
): Promise<T | Superseded> {
  run.pacing.begun(begun.generation);
  const end = await interruptible(async (interrupt) => {
    await untilAnotherTarget(run, begun);
    interrupt();
  }, work);
  return end.kind === 'ended' ? end.result : { kind: 'superseded' };
}

async function untilAnotherTarget(
  run: NodeRun,
  begun: { readonly generation: number; readonly target: Target },
): Promise<void> {
  let known = begun.generation;
  run.confirmGeneration(known);
  for (;;) {
    await condition(() => run.hintedGeneration > known || run.isInterrupted);
    if (run.isInterrupted) return;
    const now = await run.readTarget();
    if (now === undefined || !isSameTarget(now.target, begun.target)) return;
    known = Math.max(known, now.generation);
  }
}
