import type { Registry } from 'prom-client';

import type { CallErrorMetrics } from './call-error-metrics.ts';
import { callErrorMetrics } from './call-error-metrics.ts';
import type { CredentialMetrics } from './credential-metrics.ts';
import { credentialMetrics } from './credential-metrics.ts';
import type { RunMetrics } from './run-metrics.ts';
import { runMetrics } from './run-metrics.ts';
import type { StepMetrics } from './step-metrics.ts';
import { stepMetrics } from './step-metrics.ts';
import type { UpdateMetrics } from './update-metrics.ts';
import { updateMetrics } from './update-metrics.ts';
import type { WatchMetrics } from './watch-metrics.ts';
import { watchMetrics } from './watch-metrics.ts';

export interface WorkerMetrics {
  readonly runs: RunMetrics;
  readonly updates: UpdateMetrics;
  readonly steps: StepMetrics;
  readonly errors: CallErrorMetrics;
  readonly credentials: CredentialMetrics;
  readonly watches: WatchMetrics;
}

/** All that a worker counts. */
export function workerMetrics(registry: Registry): WorkerMetrics {
  return {
    runs: runMetrics(registry),
    updates: updateMetrics(registry),
    steps: stepMetrics(registry),
    errors: callErrorMetrics(registry),
    credentials: credentialMetrics(registry),
    watches: watchMetrics(registry),
  };
}
