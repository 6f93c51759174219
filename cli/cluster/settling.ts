import { assertNever } from '../../domain/assert-never.ts';
import type { NodeOutcome } from '../../domain/status/node-outcome.ts';

/** What a wait ends with. */
export type SettledOutcome = Extract<NodeOutcome, { readonly kind: 'done' | 'failed' }>;

/**
 * A seid that does not stand its image crashes within seconds of its start. Whoever asked for an image,
 * and goes on to the next node when this one is done, waits this long for that.
 */
const STEADY_SECONDS = 10;

/** A pod that somebody replaces meanwhile is back in this time; a crash loop is not over. */
const UNREADY_SECONDS = 30;

export interface Settling {
  /** Takes the outcome as it is now, and calls `resolve` once that has lasted as long as it has to. */
  see(outcome: NodeOutcome, resolve: (end: SettledOutcome) => void): void;
  stop(): void;
}

/**
 * Decides when a wait is over.
 *
 * @param steady whether a node that is done has to stay so for a while.
 */
export function createSettling({ steady }: { readonly steady: boolean }): Settling {
  let lasting: NodeOutcome['kind'] | undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    see(outcome, resolve) {
      if (outcome.kind === lasting) return;
      lasting = outcome.kind;
      clearTimeout(timer);
      switch (outcome.kind) {
        case 'pending':
          return;
        case 'failed':
          return resolve(outcome);
        case 'done':
          if (!steady) return resolve(outcome);
          timer = setTimeout(() => resolve(outcome), STEADY_SECONDS * 1_000);
          return;
        case 'unready': {
          const { message } = outcome;
          timer = setTimeout(() => resolve({ kind: 'failed', message }), UNREADY_SECONDS * 1_000);
          return;
        }
        default:
          assertNever(outcome);
      }
    },
    stop: () => clearTimeout(timer),
  };
}
