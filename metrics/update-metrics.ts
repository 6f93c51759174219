import type { Registry } from 'prom-client';
import { Counter, Histogram } from 'prom-client';

import type { HistoryEntry, SeiNodeStatus, UpdateOutcome } from '../domain/node/sei-node-status.ts';

export interface UpdateMetrics {
  /** Counts the entries that the history of a written status has gained. */
  written(before: SeiNodeStatus | undefined, after: SeiNodeStatus): void;
}

/** The history also records holds, which end no update. */
const OUTCOMES: Readonly<Partial<Record<UpdateOutcome, string>>> = {
  Complete: 'complete',
  Failed: 'failed',
  Superseded: 'superseded',
  RolledBack: 'rolled-back',
};

/** Seconds: from a roll on a fast cluster to one that takes a working day. */
const UPDATE_BUCKETS = [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 7_200, 28_800];

/**
 * Counts updates by outcome, where the outcome is written. The write carries the version of the node that it was
 * decided from, so it succeeds once, however often its activity runs. A write whose answer is lost, or whose worker
 * dies right after it, is not counted.
 */
export function createUpdateMetrics(registry: Registry): UpdateMetrics {
  const registers = [registry];
  const total = new Counter({
    name: 'seinode_updates_total',
    help: 'Updates that have ended, by how.',
    labelNames: ['outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'seinode_update_duration_seconds',
    help: 'From the recorded start of an update to its recorded end.',
    labelNames: ['outcome'],
    buckets: UPDATE_BUCKETS,
    registers,
  });
  // Creates each series at zero, so that the first outcome is an increase.
  for (const outcome of Object.values(OUTCOMES)) {
    total.inc({ outcome }, 0);
    duration.zero({ outcome });
  }
  return {
    written: (before, after) => {
      const known = new Set(before?.history?.map(identityOf));
      for (const entry of after.history ?? []) {
        const outcome = OUTCOMES[entry.outcome];
        if (outcome === undefined || known.has(identityOf(entry))) continue;
        total.inc({ outcome });
        const milliseconds = Date.parse(entry.endedAt) - Date.parse(entry.startedAt);
        duration.observe({ outcome }, Math.max(milliseconds, 0) / 1_000);
      }
    },
  };
}

function identityOf({ startedAt, to, outcome }: HistoryEntry): string {
  return JSON.stringify([startedAt, to, outcome]);
}
