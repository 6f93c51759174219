import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again until there is an answer other than undefined.
 *
 * @param what begins the sentence "… did not happen within N s", for the error
 */
export async function waitUntil<T>(
  what: string,
  options: { readonly seconds: number; readonly everyMs: number },
  probe: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const deadline = performance.now() + options.seconds * 1000;
  for (;;) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    if (performance.now() >= deadline) {
      throw new Error(`${what} did not happen within ${options.seconds} s`);
    }
    await delay(options.everyMs);
  }
}
