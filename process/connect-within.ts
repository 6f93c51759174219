import { UserError } from '../settings/user-error.ts';

/** Between two attempts: soon enough after a server is up, rare enough not to burden one that is not. */
const PAUSE_MS = 1_000;

/**
 * Repeats `connect` until it succeeds or the time is over. An attempt that never ends is not waited
 * for beyond that.
 *
 * @param what whom to reach and where, such as `Temporal at localhost:7233`.
 * @param remedy what to look at, for the one line that the process ends with.
 * @throws {UserError} when nothing answered in time, and what `connect` throws of that kind at once
 */
export async function connectWithin<T>(
  seconds: number,
  what: string,
  remedy: string,
  connect: () => Promise<T>,
): Promise<T> {
  let lastError = new Error('no answer');
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const message = `cannot reach ${what} within ${seconds} s: ${lastError.message}; ${remedy}`;
      reject(new UserError(message, { cause: lastError }));
    }, seconds * 1_000);
  });
  try {
    for (;;) {
      try {
        return await Promise.race([connect(), tooLate]);
      } catch (err) {
        if (err instanceof UserError) throw err;
        lastError = err instanceof Error ? err : new Error(String(err));
      }
      await Promise.race([pause(), tooLate]);
    }
  } finally {
    clearTimeout(timer);
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, PAUSE_MS);
  });
}
