import { setInterval } from 'node:timers/promises';

/** One turn after each interval, until the signal. Keeps no process alive that has nothing else to do. */
export async function* ticks(everyMs: number, signal: AbortSignal): AsyncGenerator<void> {
  try {
    yield* setInterval(everyMs, undefined, { signal, ref: false });
  } catch (err) {
    if (!signal.aborted) throw err;
  }
}
