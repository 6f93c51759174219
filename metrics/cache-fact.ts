import { nameOfWatch } from '../kubernetes/name-of-watch.ts';
import type { SharedCache } from '../kubernetes/shared-cache.ts';
import type { ReadinessFact } from './health.ts';

/**
 * Twice the silence after which a watch is given up and begun anew: by then the API server has not
 * answered the new one either.
 */
const STALE_AFTER_SECONDS = 180;

/** Whether the process sees the cluster as it is. */
export function cacheFact(
  cache: Pick<SharedCache, 'hasSynced' | 'health' | 'staleMs'>,
): ReadinessFact {
  return {
    name: 'caches',
    failing: () => {
      if (!cache.hasSynced()) {
        const missing = cache.health().filter(({ hasSynced }) => !hasSynced);
        return `not listed yet: ${missing.map(nameOfWatch).join(', ')}`;
      }
      const seconds = Math.round(cache.staleMs() / 1_000);
      return seconds > STALE_AFTER_SECONDS
        ? `the API server was not heard for ${seconds} s`
        : undefined;
    },
  };
}
