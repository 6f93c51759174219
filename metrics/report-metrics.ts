import type { Registry } from 'prom-client';
import { Counter, Gauge } from 'prom-client';

import type { WorkKind } from '../domain/work/due-work.ts';
import { WORK_KINDS } from './work-kinds.ts';

export interface ReportMetrics {
  /** Counts a report of due work that Temporal accepted. */
  reported(work: WorkKind, cause: 'change' | 'resync'): void;
  /** Counts a report that Temporal did not accept; the watcher repeats it. */
  failed(): void;
  /** Begins to export the length of this queue. */
  follow(queue: { readonly length: () => number }): void;
}

export function createReportMetrics(registry: Registry): ReportMetrics {
  const registers = [registry];
  let followed = { length: () => 0 };
  const reports = new Counter({
    name: 'seinode_reports_total',
    help: 'Work that Temporal was told of; a resync starts what is due and has no open run.',
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
  // Creates each series at zero, so that the first report is an increase.
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
