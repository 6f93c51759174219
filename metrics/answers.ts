import type { ReadinessFact } from '../process/health.ts';

/**
 * Three times the longest poll, and longer than a restart of the server takes: who has not been answered for
 * as long does no work.
 */
const SILENT_AFTER_SECONDS = 180;

/** Whether a server answers a process, as the process asks it again and again. */
export interface Answers {
  answered(): void;
  /** @param why for people */
  refused(why: string): void;
  readonly fact: ReadinessFact;
}

/**
 * A server that has never answered counts for nothing: it may not permit the question.
 *
 * @param name of the fact
 * @param now milliseconds since the epoch
 */
export function createAnswers(name: string, now: () => number = Date.now): Answers {
  let answeredAt: number | undefined;
  let refusal: string | undefined;
  return {
    answered: () => {
      answeredAt = now();
      refusal = undefined;
    },
    refused: (why) => {
      refusal = why;
    },
    fact: {
      name,
      failing: () => {
        if (answeredAt === undefined || refusal === undefined) return undefined;
        const seconds = Math.round((now() - answeredAt) / 1_000);
        return seconds > SILENT_AFTER_SECONDS
          ? `no answer for ${seconds} s: ${refusal}`
          : undefined;
      },
    },
  };
}
