import { eventually } from '../eventually.ts';
import type { ApiRecorder } from '../servers/api-recorder.ts';

/** Some of the resyncs of a second that those tests have, and more than a busy machine is behind. */
const QUIET_MS = 3_000;

/**
 * Waits until nobody has asked anything for a while: what caches that were behind each other have made
 * due is over then, and from here on every request is one too many.
 */
export async function untilQuiet(recorders: readonly ApiRecorder[]): Promise<void> {
  await eventually('nothing but watches is asked for', () =>
    recorders.every(({ requests }) => {
      const last = requests.findLast(({ isWatch }) => !isWatch);
      return last === undefined || Date.now() - last.at > QUIET_MS;
    }),
  );
}
