import { setTimeout as delay } from 'node:timers/promises';

/** Longer than any condition of a healthy run takes on a busy machine of two cores, stalls included. */
const DEFAULT_DEADLINE_MS = 60_000;
const PAUSE_MS = 20;

/**
 * Waits until a condition holds.
 *
 * @param what the condition as a clause, for the error: `the run parks`.
 * @param holds is asked again and again; an error of it counts as "not yet", and is part of the final one
 */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  deadlineMs = DEFAULT_DEADLINE_MS,
): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  let lastError: unknown;
  for (;;) {
    try {
      if (await holds()) return;
    } catch (err) {
      lastError = err;
    }
    if (Date.now() >= deadline) {
      throw new Error(`after ${deadlineMs} ms it does not hold that ${what}`, { cause: lastError });
    }
    await delay(PAUSE_MS);
  }
}
