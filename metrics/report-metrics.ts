import type { Registry } from 'prom-client';
import { Counter, Gauge } from 'prom-client';

import type { WorkKind } from '../domain/due-work.ts';
import { WORK_KINDS } from './work-kinds.ts';

export interface ReportMetrics {
  /** Temporal was told of work that is due. */
  reported(work: WorkKind, cause: 'change' | 'resync'): void;
  /** Temporal could not be told; it will be tried again. */
  failed(): void;
  /** From now on the length of this queue is told. */
  follow(queue: { readonly length: () => number }): void;
}

export function createReportMetrics(registry: Registry): ReportMetrics {
  const registers = [registry];
  let followed = { length: () => 0 };
  const reports = new Counter({
    name: 'seinode_reports_total',
    help: 'Work that Temporal was told of; a resync repeats what is due.',
    labelNames: ['work', 'cause'],
    registers,
  });
  const failures = new Counter({
    name: 'seinode_report_failures_total',
    help: 'Reports that Temporal did not take; each is made again after a back-off.',
    registers,
  });
  new Gauge({
    name: 'seinode_reports_waiting',
    help: 'Nodes whose report is under way or waits for its turn or its back-off.',
    registers,
    collect() {
      this.set(followed.length());
    },
  });
  // Rates need the first one to be an increase, not an appearance.
  for (const work of WORK_KINDS) {
    for (const cause of ['change', 'resync']) reports.inc({ work, cause }, 0);
  }
  return {
    reported: (work, cause) => reports.inc({ work, cause }),
    failed: () => failures.inc(),
    follow: (queue) => {
      followed = queue;
    },
  };
}
