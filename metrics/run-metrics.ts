import type { Registry } from 'prom-client';
import { Counter } from 'prom-client';

import type { WorkKind } from '../domain/due-work.ts';

/** How an attempt at a node's work ended. One that is superseded goes on, and has not. */
export type RunOutcome = 'complete' | 'failed' | 'given-up';

export interface RunMetrics {
  /** An attempt at this work has ended. */
  ended(work: WorkKind, outcome: RunOutcome): void;
}

/** Only a bring-up is given up; everything else is tried for as long as it is due. */
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
  // Rates need the first one to be an increase, not an appearance.
  for (const [work, outcomes] of Object.entries(OUTCOMES)) {
    for (const outcome of outcomes) total.inc({ work, outcome }, 0);
  }
  return { ended: (work, outcome) => total.inc({ work, outcome }) };
}
