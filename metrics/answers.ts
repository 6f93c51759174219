import type { ReadinessFact } from '../process/health.ts';

/**
 * Three times the longest poll, and longer than a restart of the server: a process that is not answered for this long
 * does no work.
 */
const SILENT_AFTER_SECONDS = 180;

/** Records whether a server answers a process that asks it again and again. */
export interface Answers {
  answered(): void;
  /** @param why the reason, for people */
  refused(why: string): void;
  readonly fact: ReadinessFact;
}

/**
 * Creates the record. A server that has never answered does not make the process unready: it may not permit the
 * question.
 *
 * @param name the name of the fact
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
