import { findCondition } from './condition.ts';
import { isFailureType } from './failure-type.ts';
import type { SeiNodeStatus } from './sei-node-status.ts';
import type { SeiNode } from './sei-node.ts';

/** What holds a node back: reason and message of its condition Stalled. */
export interface Stall {
  readonly reason: string;
  readonly message: string;
}

/** What status says the node is held back by. */
export function stallOf(status: SeiNodeStatus | undefined): Stall | undefined {
  const stalled = findCondition(status?.conditions, 'Stalled');
  if (stalled?.status !== 'True') return undefined;
  const { reason, message } = stalled;
  return { reason, message };
}

/**
 * What is told of a node that is held back and late: the cause. That it is late shows in the message.
 *
 * @param exceeded set once the progress deadline has passed.
 */
export function shownStall(
  trouble: Stall | undefined,
  exceeded: Stall | undefined,
): Stall | undefined {
  if (trouble === undefined || exceeded === undefined) return trouble ?? exceeded;
  if (trouble.message.includes(exceeded.message)) return trouble;
  return { reason: trouble.reason, message: `${trouble.message}; ${exceeded.message}` };
}

/**
 * Whether what holds the node back is its pod, or what is around that: over once the pod serves. A refused
 * write is not.
 */
export function isStalledByPod({ status }: Pick<SeiNode, 'status'>): boolean {
  const stall = stallOf(status);
  return stall !== undefined && !isFailureType(stall.reason);
}

/**
 * A container in a crash loop runs for a few seconds after each back-off, and a pod that is made anew
 * has to fail once more before it shows what is wrong. Taken for the end of a stall, that would be a
 * stall and its end for each turn of the loop.
 */
export const CALM_MS = 10_000;

/** What becomes of a known stall, or of none, as the rollout is seen now. */
export type StallTurn =
  | { readonly kind: 'blocked'; readonly stall: Stall }
  | { readonly kind: 'unblocked' }
  | { readonly kind: 'same' };

/**
 * Another trouble counts at once; that a trouble is over counts when none was seen for `CALM_MS`.
 *
 * @param known what the node is known to be held back by.
 * @param calmMs for how long no trouble has been seen.
 */
export function stallTurn(
  progress:
    | { readonly kind: 'blocked'; readonly trouble: Stall }
    | { readonly kind: 'progressing' },
  known: Stall | undefined,
  calmMs: number,
): StallTurn {
  if (progress.kind === 'blocked') {
    return progress.trouble.reason === known?.reason
      ? { kind: 'same' }
      : { kind: 'blocked', stall: progress.trouble };
  }
  return known === undefined || calmMs < CALM_MS ? { kind: 'same' } : { kind: 'unblocked' };
}
