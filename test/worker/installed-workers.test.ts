import { msToNumber } from '@temporalio/common/lib/time.js';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { NativeConnection, WorkerOptions } from '@temporalio/worker';
import { DefaultLogger, Worker } from '@temporalio/worker';
import { Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { waitsTaskQueue } from '../../domain/run/node-run.ts';
import { HEARTBEAT_TIMEOUT_MS } from '../../domain/run/time-limits.ts';
import { parseWorkflowId } from '../../domain/run/workflow-id.ts';
import { createStepMetrics } from '../../metrics/step-metrics.ts';
import { installedWorkers } from '../../worker/installed-workers.ts';
import { createNodeWorkers } from '../../worker/node-worker.ts';
import { parseExposition, sumOf } from '../metrics/exposition.ts';
import { fakeActivities } from '../support/workflow/fake-activities.ts';

let registry: Registry;
let asked: WorkerOptions[];
beforeEach(() => {
  registry = new Registry();
  asked = [];
  vi.spyOn(Worker, 'create').mockImplementation(async (options) => {
    asked.push(options);
    return {} as Worker;
  });
});
afterEach(() => void vi.restoreAllMocks());

/** The options that a worker of the cluster eu1 gives the SDK: first for the steps, then for the waits. */
async function created(): Promise<readonly WorkerOptions[]> {
  await createNodeWorkers(
    installedWorkers({
      connection: {} as NativeConnection,
      namespace: 'default',
      installation: { cluster: 'eu1', namespaces: undefined, taskQueue: 'shared' },
      bundle: { code: '' },
      activities: fakeActivities().activities,
      steps: createStepMetrics(registry),
      imageOf: () => undefined,
      traced: undefined,
    }),
  );
  return asked;
}

describe('the workers of an installation', () => {
  it('poll its task queue, and the one for waits', async () => {
    const queues = (await created()).map(({ taskQueue }) => taskQueue);
    expect(queues).toEqual(['shared', waitsTaskQueue('shared')]);
  });

  it.each([
    ['steps', 0],
    ['waits', 1],
  ])('do only their own work where it is %s, and measure it', async (_, which) => {
    const { interceptors } = (await created())[which] ?? {};
    const ran = async (workflowId: string): Promise<unknown> =>
      new MockActivityEnvironment(
        { activityType: 'observeImage', workflowExecution: { workflowId, runId: 'run' } },
        {
          interceptors: [...(interceptors?.activity ?? [])],
          logger: new DefaultLogger('ERROR', () => undefined),
        },
      ).run(async (...inputs: readonly unknown[]) => (inputs.length > 0 ? 'ran' : undefined), {
        node: { ...parseWorkflowId(workflowId)?.object, uid: 'uid' },
        planId: 'plan',
      });
    expect(await ran('seinode/eu1/nodes/n0')).toBe('ran');
    await expect(ran('seinode/eu2/nodes/n0')).rejects.toMatchObject({ type: 'OtherInstallation' });
    const measured = parseExposition(await registry.metrics());
    expect(sumOf(measured, 'seinode_step_duration_seconds_count', { result: 'ok' })).toBe(1);
  });

  it('send the heartbeats of waits in time for a cancellation, which comes in the answer', async () => {
    const waits = (await created())[1];
    // By default the SDK holds them back for 80 % of the time-out.
    const byDefault = 0.8 * HEARTBEAT_TIMEOUT_MS;
    expect(msToNumber(waits?.maxHeartbeatThrottleInterval ?? byDefault)).toBeLessThan(2_000);
  });
});
