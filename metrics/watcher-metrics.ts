import type { Registry } from 'prom-client';

import type { SeiNode } from '../domain/node/sei-node.ts';
import type { SharedCache } from '../kubernetes/watch/shared-cache.ts';
import type { CallErrorMetrics } from './call-error-metrics.ts';
import { createCallErrorMetrics } from './call-error-metrics.ts';
import type { CredentialMetrics } from './credential-metrics.ts';
import { createCredentialMetrics } from './credential-metrics.ts';
import type { DueMetrics } from './due-metrics.ts';
import { createDueMetrics } from './due-metrics.ts';
import type { LeadershipMetrics } from './leadership-metrics.ts';
import { createLeadershipMetrics } from './leadership-metrics.ts';
import type { ReportMetrics } from './report-metrics.ts';
import { createReportMetrics } from './report-metrics.ts';
import { registerStallMetrics } from './stall-metrics.ts';
import type { WatchMetrics } from './watch-metrics.ts';
import { createWatchMetrics } from './watch-metrics.ts';

export interface WatcherMetrics {
  readonly due: DueMetrics;
  readonly reports: ReportMetrics;
  readonly errors: CallErrorMetrics;
  readonly credentials: CredentialMetrics;
  readonly watches: WatchMetrics;
  readonly leadership: LeadershipMetrics;
  /** Begins to export the nodes of this cache. */
  follow(cache: Pick<SharedCache, 'health' | 'node' | 'nodes' | 'subscribe'>): void;
}

/**
 * Creates all metrics of a watcher. Only the watcher that leads exports those of the nodes, so that a sum over several
 * watchers counts each node once.
 */
export function createWatcherMetrics(registry: Registry): WatcherMetrics {
  let nodes: () => Iterable<SeiNode> = () => [];
  const due = createDueMetrics(registry);
  const watches = createWatchMetrics(registry);
  const leadership = createLeadershipMetrics(registry);
  registerStallMetrics(registry, () => (leadership.isLeading() ? nodes() : []));
  return {
    due,
    reports: createReportMetrics(registry),
    errors: createCallErrorMetrics(registry),
    credentials: createCredentialMetrics(registry),
    watches,
    leadership,
    follow: (cache) => {
      nodes = () => cache.nodes();
      watches.follow(cache);
      cache.subscribe((key) => {
        const node = cache.node(key);
        if (node === undefined) due.gone(key);
        else due.seen(node);
      });
    },
  };
}
