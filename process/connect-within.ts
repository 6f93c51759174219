import pTimeout from 'p-timeout';

import { UserError } from '../settings/user-error.ts';

/** The pause between two attempts: short enough after a server comes up, long enough not to burden one that is down. */
const PAUSE_MS = 1_000;

/**
 * Repeats `connect` until it succeeds or the time is over. Does not wait beyond that for an attempt that never ends.
 *
 * @param what the server and its address, such as `Temporal at localhost:7233`.
 * @param remedy the things to check, for the one line with which the process ends.
 * @throws {UserError} if nothing answered in time, and at once if `connect` throws one
 */
export function connectWithin<T>(
  seconds: number,
  what: string,
  remedy: string,
  connect: () => Promise<T>,
): Promise<T> {
  let lastError = new Error('no answer');
  let isOver = false;
  const connecting = async (): Promise<T> => {
    while (!isOver) {
      try {
        return await connect();
      } catch (err) {
        if (err instanceof UserError) throw err;
        lastError = err instanceof Error ? err : new Error(String(err));
      }
      await pause();
    }
    throw lastError;
  };
  return pTimeout(connecting(), {
    milliseconds: seconds * 1_000,
    fallback: () => {
      isOver = true;
      const message = `cannot reach ${what} within ${seconds} s: ${lastError.message}; ${remedy}`;
      throw new UserError(message, { cause: lastError });
    },
  });
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MS);
  });
}
