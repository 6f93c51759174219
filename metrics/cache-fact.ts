import { nameOfWatch } from '../kubernetes/watch/name-of-watch.ts';
import type { SharedCache, WatchHealth } from '../kubernetes/watch/shared-cache.ts';
import type { ReadinessFact } from '../process/health.ts';

/** Twice the silence after which a watch is replaced: by then the API server has not answered the new watch either. */
const STALE_AFTER_SECONDS = 180;

/**
 * Makes the fact that the process sees the cluster as it is, or at least one of several namespaces. Whoever may delete
 * one namespace, or the rights to it, does not make the process unready for the others.
 */
export function createCacheFact(cache: Pick<SharedCache, 'health'>): ReadinessFact {
  return {
    name: 'caches',
    failing: () => {
      const watches = cache.health();
      const views = viewsOf(watches);
      if (views.some(isHeard)) return undefined;
      const seconds = Math.min(...views.flatMap(({ silentSeconds = [] }) => silentSeconds));
      if (Number.isFinite(seconds)) return `the API server was not heard for ${seconds} s`;
      const missing = watches.filter(({ hasSynced }) => !hasSynced);
      return `not listed yet: ${missing.map(nameOfWatch).join(', ')}`;
    },
    remark: () => {
      const silent = viewsOf(cache.health()).filter((view) => !isHeard(view));
      const named = silent.flatMap(({ namespace = [] }) => namespace);
      return named.length === 0 ? undefined : `not heard: ${named.join(', ')}`;
    },
  };
}

/** One of the namespaces that are watched separately, or all of them. */
interface View {
  readonly namespace: string | undefined;
  /** The silence of the watch that has been silent longest; undefined before everything has been listed. */
  readonly silentSeconds: number | undefined;
}

function viewsOf(watches: readonly WatchHealth[]): readonly View[] {
  const namespaces = [...new Set(watches.map(({ namespace }) => namespace))];
  return namespaces.map((namespace) => {
    const own = watches.filter((watch) => watch.namespace === namespace);
    if (!own.every(({ hasSynced }) => hasSynced)) return { namespace, silentSeconds: undefined };
    const heardAt = Math.min(...own.map(({ lastContactAt = -Infinity }) => lastContactAt));
    return { namespace, silentSeconds: Math.round((Date.now() - heardAt) / 1_000) };
  });
}

function isHeard({ silentSeconds }: View): boolean {
  return silentSeconds !== undefined && silentSeconds <= STALE_AFTER_SECONDS;
}
