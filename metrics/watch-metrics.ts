import type { Registry } from 'prom-client';
import { Counter, Gauge } from 'prom-client';

import type { WatchEnd } from '../kubernetes/watch/list-watch.ts';
import type { SharedCache, WatchHealth } from '../kubernetes/watch/shared-cache.ts';

export interface WatchMetrics {
  /** Counts a watch that ended and starts over. */
  readonly ended: (resource: WatchHealth['resource'], why: WatchEnd) => void;
  /** Begins to export the age of these watches. */
  follow(cache: Pick<SharedCache, 'health'>): void;
}

export function createWatchMetrics(registry: Registry, now: () => number = Date.now): WatchMetrics {
  const registers = [registry];
  let followed: Pick<SharedCache, 'health'> = { health: () => [] };
  let followedSince = 0;
  const restarts = new Counter({
    name: 'seinode_watch_restarts_total',
    help: 'Watches that ended and were begun anew, by why; `ended` is their regular end.',
    labelNames: ['resource', 'class'],
    registers,
  });
  new Gauge({
    name: 'seinode_watch_age_seconds',
    help: 'Since the API server was heard last on the watch, of several namespaces on the one that is silent longest; since the start of the process where it never was. At rest it is heard once a minute.',
    labelNames: ['resource'],
    registers,
    collect() {
      this.reset();
      for (const [resource, contactAt] of oldestContacts(followed.health(), followedSince)) {
        this.set({ resource }, (now() - contactAt) / 1_000);
      }
    },
  });
  return {
    ended: (resource, why) => restarts.inc({ resource, class: why }),
    follow: (cache) => {
      followed = cache;
      followedSince = now();
    },
  };
}

/**
 * Returns the oldest contact by resource. A watch that was never heard, as of a namespace that the process has started
 * without, is as old as the process: nothing else shows it but a line of readiness that does not fail.
 */
function oldestContacts(
  watches: readonly WatchHealth[],
  since: number,
): ReadonlyMap<string, number> {
  const oldest = new Map<string, number>();
  for (const { resource, lastContactAt = since } of watches) {
    oldest.set(resource, Math.min(lastContactAt, oldest.get(resource) ?? Infinity));
  }
  return oldest;
}
