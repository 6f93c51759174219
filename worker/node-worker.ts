import type { NativeConnection, WorkerInterceptors, WorkerOptions } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';

import type { NodeActivities } from '../activities/contract/activities.ts';
import { waitsTaskQueue } from '../domain/run/node-run.ts';
import type { TracedWorker } from './traced-worker.ts';

export interface NodeWorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly bundle: { readonly code: string };
  readonly activities: NodeActivities;
  readonly interceptors?: Pick<WorkerInterceptors, 'activity'>;
  /** The receivers of the spans that workflow interceptors of the bundle emit. */
  readonly sinks?: TracedWorker['sinks'];
  /** The options that all workers and clients of the namespace share: encryption, and the version of the worker. */
  readonly temporal?: Pick<WorkerOptions, 'dataConverter' | 'workerDeploymentOptions'>;
  /** The longest time from the shutdown to the end; work that still runs then is abandoned. */
  readonly graceSeconds?: number;
}

/** A wait costs a slot and at most one heartbeat a second, so there is a slot for every node that may wait. */
const WAITING_SLOTS = 20_000;

/** Enough for cancelled steps to report that to Temporal. */
const CANCEL_SECONDS = 5;

/** The default of the settings of a process. */
const DEFAULT_GRACE_SECONDS = 25;

/**
 * Creates the two workers of one process: one for workflows and short steps, one for steps that wait.
 *
 * Waits have slots of their own because 100 stalled nodes would otherwise take all 100 default slots, and the first
 * step of the next node would wait with them.
 */
export async function createNodeWorkers(options: NodeWorkerOptions): Promise<readonly Worker[]> {
  const { connection, namespace, taskQueue, bundle, activities, interceptors, sinks } = options;
  const { temporal = {}, graceSeconds = DEFAULT_GRACE_SECONDS } = options;
  const shared = {
    ...temporal,
    connection,
    namespace,
    activities: { ...activities },
    shutdownForceTime: `${graceSeconds} seconds`,
    ...(interceptors !== undefined && { interceptors }),
  };
  const steps = await Worker.create({
    ...shared,
    taskQueue,
    workflowBundle: bundle,
    ...(sinks !== undefined && { sinks }),
    // Lets short steps finish: longer than any of their requests may take.
    shutdownGraceTime: `${Math.max(graceSeconds - CANCEL_SECONDS, 0)} seconds`,
  });
  const waits = await Worker.create({
    ...shared,
    taskQueue: waitsTaskQueue(taskQueue),
    maxConcurrentActivityTaskExecutions: WAITING_SLOTS,
    // The default throttles heartbeats to 80 % of the time-out, and with them cancellation.
    maxHeartbeatThrottleInterval: '1 second',
    // A wait cannot finish in time: it ends at once, and another worker takes it over.
    shutdownGraceTime: 0,
  });
  return [steps, waits];
}
