import type { NativeConnection } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';

import type { NodeActivities } from '../activities/contract.ts';
import { waitsTaskQueue } from '../domain/node-run.ts';

export interface NodeWorkerOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly taskQueue: string;
  readonly bundle: { readonly code: string };
  readonly activities: NodeActivities;
}

/** Waiting costs a slot and a heartbeat a second, so there is one for every node that may wait. */
const WAITING_SLOTS = 20_000;

/**
 * The two workers of one process: one for workflows and short steps, one for steps that wait.
 *
 * Waits have slots of their own because 100 stalled nodes would otherwise take all 100 default slots,
 * and the next node's first step would wait with them.
 */
export async function createNodeWorkers(options: NodeWorkerOptions): Promise<readonly Worker[]> {
  const { connection, namespace, taskQueue, bundle, activities } = options;
  const shared = { connection, namespace, activities: { ...activities } };
  const steps = await Worker.create({
    ...shared,
    taskQueue,
    workflowBundle: bundle,
    // Short steps are let finish: longer than any of their requests may take.
    shutdownGraceTime: '20 seconds',
  });
  const waits = await Worker.create({
    ...shared,
    taskQueue: waitsTaskQueue(taskQueue),
    maxConcurrentActivityTaskExecutions: WAITING_SLOTS,
    // The default throttles heartbeats to 80 % of the time-out, and with them cancellation.
    maxHeartbeatThrottleInterval: '1 second',
    // A wait cannot finish in time: it ends at once and another worker takes it up.
    shutdownGraceTime: 0,
  });
  return [steps, waits];
}
