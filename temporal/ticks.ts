import { setInterval } from 'node:timers/promises';

/** Yields after each interval until the signal aborts. Does not keep the process alive. */
export async function* ticks(everyMs: number, signal: AbortSignal): AsyncGenerator<void> {
  try {
    yield* setInterval(everyMs, undefined, { signal, ref: false });
  } catch (err) {
    if (!signal.aborted) throw err;
  }
}
