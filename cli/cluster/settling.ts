import { assertNever } from '../../domain/assert-never.ts';
import type { NodeOutcome } from '../../domain/status/node-outcome.ts';

/** The outcomes that end a wait. */
export type SettledOutcome = Extract<NodeOutcome, { readonly kind: 'done' | 'failed' }>;

/**
 * A seid that cannot run its image crashes within seconds of its start. A person who asked for an image, and goes on to
 * the next node when this one is done, waits this long to see it.
 */
const STEADY_SECONDS = 10;

/** A pod that somebody replaces meanwhile is back within this time; a crash loop is not over by then. */
const UNREADY_SECONDS = 30;

export interface Settling {
  /** Takes the current outcome, and calls `resolve` once that has lasted long enough. */
  see(outcome: NodeOutcome, resolve: (end: SettledOutcome) => void): void;
  stop(): void;
}

/**
 * Decides when a wait is over.
 *
 * @param steady true if a node that is done has to stay so for a while
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
