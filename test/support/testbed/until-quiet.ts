import { eventually } from '../eventually.ts';
import type { ApiRecorder } from '../servers/api-recorder.ts';

/** Several of the one-second resyncs that those tests have, and more than a busy machine lags behind. */
const QUIET_MS = 3_000;

/**
 * Waits until nobody has sent a request for a while: by then all work is over that caches behind each other have made
 * due, and from here on every request is one too many.
 */
export async function untilQuiet(recorders: readonly ApiRecorder[]): Promise<void> {
  await eventually('nothing but watches is asked for', () =>
    recorders.every(({ requests }) => {
      const last = requests.findLast(({ isWatch }) => !isWatch);
      return last === undefined || Date.now() - last.at > QUIET_MS;
    }),
  );
}
