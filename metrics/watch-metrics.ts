import type { Registry } from 'prom-client';
import { Counter, Gauge } from 'prom-client';

import type { WatchEnd } from '../kubernetes/list-watch.ts';
import type { SharedCache, WatchHealth } from '../kubernetes/shared-cache.ts';

export interface WatchMetrics {
  /** A watch has ended and is begun anew. */
  readonly ended: (resource: WatchHealth['resource'], why: WatchEnd) => void;
  /** From now on the age of these watches is told. */
  follow(cache: Pick<SharedCache, 'health'>): void;
}

export function watchMetrics(registry: Registry, now: () => number = Date.now): WatchMetrics {
  const registers = [registry];
  let followed: Pick<SharedCache, 'health'> = { health: () => [] };
  const restarts = new Counter({
    name: 'seinode_watch_restarts_total',
    help: 'Watches that ended and were begun anew, by why; `ended` is their regular end.',
    labelNames: ['resource', 'class'],
    registers,
  });
  new Gauge({
    name: 'seinode_watch_age_seconds',
    help: 'Since the API server was heard last on the watch, of several namespaces on the one that is silent longest; at rest it is heard once a minute.',
    labelNames: ['resource'],
    registers,
    collect() {
      this.reset();
      for (const [resource, contactAt] of oldestContacts(followed.health())) {
        this.set({ resource }, (now() - contactAt) / 1_000);
      }
    },
  });
  return {
    ended: (resource, why) => restarts.inc({ resource, class: why }),
    follow: (cache) => {
      followed = cache;
    },
  };
}

/** By resource. A watch that was never heard has no age; readiness says that it is missing. */
function oldestContacts(watches: readonly WatchHealth[]): ReadonlyMap<string, number> {
  const oldest = new Map<string, number>();
  for (const { resource, lastContactAt } of watches) {
    if (lastContactAt === undefined) continue;
    oldest.set(resource, Math.min(lastContactAt, oldest.get(resource) ?? Infinity));
  }
  return oldest;
}
