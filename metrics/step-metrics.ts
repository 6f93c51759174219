import type { Registry } from 'prom-client';
import { Histogram } from 'prom-client';

export type StepResult = 'ok' | 'failed' | 'cancelled';

export interface StepMetrics {
  /** Records the end of one attempt at a step. */
  ended(step: string, result: StepResult, seconds: number): void;
}

/** Seconds: from a request or two to the wait for a node that syncs. */
const STEP_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5, 10, 30, 60, 300, 900, 3_600];

export function createStepMetrics(registry: Registry): StepMetrics {
  const duration = new Histogram({
    name: 'seinode_step_duration_seconds',
    help: 'Attempts at the steps of the runs, by how they ended: each retry is one more.',
    labelNames: ['step', 'result'],
    buckets: STEP_BUCKETS,
    registers: [registry],
  });
  return { ended: (step, result, seconds) => duration.observe({ step, result }, seconds) };
}
