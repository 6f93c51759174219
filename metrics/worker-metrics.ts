import type { Registry } from 'prom-client';

import type { CallErrorMetrics } from './call-error-metrics.ts';
import { createCallErrorMetrics } from './call-error-metrics.ts';
import type { CredentialMetrics } from './credential-metrics.ts';
import { createCredentialMetrics } from './credential-metrics.ts';
import type { RunMetrics } from './run-metrics.ts';
import { createRunMetrics } from './run-metrics.ts';
import type { StepMetrics } from './step-metrics.ts';
import { createStepMetrics } from './step-metrics.ts';
import type { UpdateMetrics } from './update-metrics.ts';
import { createUpdateMetrics } from './update-metrics.ts';
import type { WatchMetrics } from './watch-metrics.ts';
import { createWatchMetrics } from './watch-metrics.ts';

export interface WorkerMetrics {
  readonly runs: RunMetrics;
  readonly updates: UpdateMetrics;
  readonly steps: StepMetrics;
  readonly errors: CallErrorMetrics;
  readonly credentials: CredentialMetrics;
  readonly watches: WatchMetrics;
}

/** Creates all metrics of a worker. */
export function createWorkerMetrics(registry: Registry): WorkerMetrics {
  return {
    runs: createRunMetrics(registry),
    updates: createUpdateMetrics(registry),
    steps: createStepMetrics(registry),
    errors: createCallErrorMetrics(registry),
    credentials: createCredentialMetrics(registry),
    watches: createWatchMetrics(registry),
  };
}
