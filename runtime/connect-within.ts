import { setTimeout as delay } from 'node:timers/promises';

import { UserError } from './user-error.ts';

/** Between two attempts: soon enough after a server is up, rare enough not to burden one that is not. */
const PAUSE_MS = 1_000;

/**
 * Repeats `connect` until it succeeds or the time is over.
 *
 * @param what whom to reach and where, such as `Temporal at localhost:7233`.
 * @param remedy what to look at, for the one line that the process ends with.
 * @throws {UserError} when nothing answered in time
 */
export async function connectWithin<T>(
  seconds: number,
  what: string,
  remedy: string,
  connect: () => Promise<T>,
): Promise<T> {
  const deadline = Date.now() + seconds * 1_000;
  for (;;) {
    try {
      return await connect();
    } catch (err) {
      if (err instanceof UserError) throw err;
      if (Date.now() + PAUSE_MS >= deadline) {
        throw new UserError(
          `cannot reach ${what} within ${seconds} s: ${(err as Error).message}; ${remedy}`,
          { cause: err },
        );
      }
    }
    await delay(PAUSE_MS);
  }
}
