import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again until there is an answer other than undefined.
 *
 * @param what completes the sentence "… did not happen within N s", for the error
 * @param hint is asked for the place where to look when time is up
 */
export async function waitUntil<T>(
  what: string,
  options: { readonly seconds: number; readonly everyMs: number; readonly hint?: () => string },
  probe: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const deadline = performance.now() + options.seconds * 1000;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    if (performance.now() >= deadline) {
      const hint = options.hint === undefined ? '' : `; ${options.hint()}`;
      throw new Error(`${what} did not happen within ${options.seconds} s${hint}`);
    }
    await delay(options.everyMs);
  }
}
