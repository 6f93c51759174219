import type { Registry } from 'prom-client';
import { Gauge } from 'prom-client';

/** Whether this watcher is the one that reports what changes. */
export interface LeadershipMetrics {
  readonly isLeading: () => boolean;
  /**
   * From now on it is told whether this process leads.
   *
   * @param lease the key of the Lease that it is elected by; undefined where there is no election
   */
  follow(leadership: { readonly isLeading: () => boolean }, lease: string | undefined): void;
}

export function createLeadershipMetrics(registry: Registry): LeadershipMetrics {
  let followed: { readonly isLeading: () => boolean } | undefined;
  let labels: { readonly lease?: string } = {};
  const isLeading = (): boolean => followed?.isLeading() === true;
  new Gauge({
    name: 'seinode_watcher_leading',
    help: 'Whether this watcher leads: 1, or 0 while it stands by.',
    // Tells installations apart, of which one Prometheus may see several.
    labelNames: ['lease'],
    registers: [registry],
    collect() {
      // A process that has yet to bid for its Lease does not stand by either.
      if (followed !== undefined) this.set(labels, isLeading() ? 1 : 0);
    },
  });
  return {
    isLeading,
    follow: (leadership, lease) => {
      followed = leadership;
      labels = lease === undefined ? {} : { lease };
    },
  };
}
