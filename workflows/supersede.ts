import { condition } from '@temporalio/workflow';

import type { Superseded } from '../activities/contract/plan.ts';
import type { Target } from '../domain/node/target.ts';
import { isSameTarget } from '../domain/node/target.ts';
import { interruptible } from './interruptible.ts';
import type { NodeRun } from './node-run.ts';

/**
 * `target`: another target than the one at the beginning, or any newer generation while something holds the work back,
 * because that may mend it. `spec`: any newer generation.
 */
export type Superseding = 'target' | 'spec';

/**
 * Runs `work` until it ends, or until the node's spec supersedes the spec that it began with, or somebody steers the
 * run, or its history is full. Then cancels the work and waits for its end: nothing of the old target is written after
 * this returns.
 */
export async function untilSuperseded<T>(
  run: NodeRun,
  begun: { readonly generation: number; readonly target: Target },
  work: () => Promise<T>,
  by: Superseding = 'target',
): Promise<T | Superseded> {
  run.pacing.begun(begun.generation);
  const end = await interruptible(async (interrupt) => {
    await untilAnother(run, begun, by);
    interrupt();
  }, work);
  return end.kind === 'ended' ? end.result : { kind: 'superseded' };
}

/** Returns whether the node has a newer spec by now; a read confirms what the watcher reported. */
export async function hasNewerSpec(
  run: NodeRun,
  begun: { readonly generation: number },
): Promise<boolean> {
  if (run.inbox.hintedGeneration <= begun.generation) return false;
  const now = await run.readTarget();
  return now === undefined || now.generation > begun.generation;
}

async function untilAnother(
  run: NodeRun,
  begun: { readonly generation: number; readonly target: Target },
  by: Superseding,
): Promise<void> {
  let known = begun.generation;
  run.inbox.confirm(known);
  const mayBeMended = () => known > begun.generation && run.isHeldBack;
  for (;;) {
    await condition(() => run.inbox.hintedGeneration > known || run.isInterrupted || mayBeMended());
    if (run.isInterrupted || mayBeMended()) return;
    const now = await run.readTarget();
    if (now === undefined || !isSameTarget(now.target, begun.target)) return;
    if (by === 'spec' && now.generation > begun.generation) return;
    known = Math.max(known, now.generation);
  }
}
