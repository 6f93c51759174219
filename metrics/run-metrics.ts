import type { Registry } from 'prom-client';
import { Counter } from 'prom-client';

import type { WorkKind } from '../domain/work/due-work.ts';

/** The outcome of an attempt at the work on a node. A superseded attempt goes on, so it has none. */
export type RunOutcome = 'complete' | 'failed' | 'given-up';

export interface RunMetrics {
  /** Counts an ended attempt at this work. */
  ended(work: WorkKind, outcome: RunOutcome): void;
}

/** Only a bring-up is given up; all other work is tried for as long as it is due. */
const OUTCOMES: Readonly<Record<WorkKind, readonly RunOutcome[]>> = {
  nodeInit: ['complete', 'failed', 'given-up'],
  nodeUpdate: ['complete', 'failed'],
  nodeSync: ['complete', 'failed'],
  nodeDelete: ['complete', 'failed'],
};

export function createRunMetrics(registry: Registry): RunMetrics {
  const total = new Counter({
    name: 'seinode_runs_total',
    help: 'Attempts at bring-ups, updates, syncs and deletions that have ended, by how.',
    labelNames: ['work', 'outcome'],
    registers: [registry],
  });
  // Creates each series at zero, so that the first outcome is an increase.
  for (const [work, outcomes] of Object.entries(OUTCOMES)) {
    for (const outcome of outcomes) total.inc({ work, outcome }, 0);
  }
  return { ended: (work, outcome) => total.inc({ work, outcome }) };
}
