import type { ObjectKey } from '../../domain/node/node-ref.ts';
import type { ClusterCache } from '../../kubernetes/cluster.ts';
import { resting, saysInHeartbeats, untilCancelled } from './heartbeating.ts';

/** Looks at this interval, too, because a grace may run out without a change. */
const LOOK_MS = 1_000;

/**
 * Waits until `look` finds something. Looks at once, after each change that the shared watches report for the node, and
 * once a second. The heartbeats carry the text of `describe`. Rejects when the activity is cancelled.
 */
export async function watchUntil<T>(
  cache: ClusterCache,
  node: ObjectKey,
  look: () => T | undefined,
  describe: () => string,
): Promise<T> {
  let stop: () => void = () => undefined;
  const found = new Promise<T>((resolve, reject) => {
    const lookAgain = (): void => {
      try {
        const result = look();
        if (result !== undefined) resolve(result);
      } catch (err) {
        reject(err instanceof Error ? err : new Error(String(err)));
      }
    };
    const unsubscribe = cache.subscribeTo(node, lookAgain);
    const timer = setInterval(() => {
      lookAgain();
    }, LOOK_MS);
    stop = () => {
      unsubscribe();
      clearInterval(timer);
    };
    saysInHeartbeats(describe);
    lookAgain();
  });
  try {
    return await resting(untilCancelled(found));
  } finally {
    stop();
  }
}
