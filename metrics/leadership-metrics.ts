import type { Registry } from 'prom-client';
import { Gauge } from 'prom-client';

/** Exports whether this watcher leads, and so is the one that reports changes. */
export interface LeadershipMetrics {
  readonly isLeading: () => boolean;
  /**
   * Begins to export whether this process leads.
   *
   * @param lease the key of the Lease that elects the leader; undefined where there is no election
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
    // Separates installations, of which one Prometheus may see several.
    labelNames: ['lease'],
    registers: [registry],
    collect() {
      // A process that has not bid for its Lease yet does not stand by either.
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
