import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';

import { createStepMetrics } from '../../metrics/step-metrics.ts';
import { activityLogger } from '../../worker/activity-fields.ts';
import { activityInterceptors } from '../../worker/activity-interceptors.ts';
import type { RecordedLog } from '../kubernetes/recorded-log.ts';
import { recordedLog } from '../kubernetes/recorded-log.ts';
import { parseExposition, sumOf } from '../metrics/exposition.ts';

const INPUT = { target: { image: 'sei:v2' } };

let registry: Registry;
let environment: MockActivityEnvironment;
let log: RecordedLog;

beforeEach(() => {
  registry = new Registry();
  log = recordedLog();
  environment = new MockActivityEnvironment(
    {
      activityType: 'applyStatefulSet',
      attempt: 4,
      workflowExecution: { workflowId: 'seinode/eu/nodes/n0', runId: 'run' },
    },
    {
      interceptors: [
        activityInterceptors({
          steps: createStepMetrics(registry),
          imageOf: ({ namespace, name }) => `image of ${namespace}/${name}`,
        }),
      ],
      logger: new DefaultLogger('ERROR'),
    },
  );
});

async function counted(result: string): Promise<number | undefined> {
  return sumOf(parseExposition(await registry.metrics()), 'seinode_step_duration_seconds_count', {
    step: 'apply-statefulset',
    result,
  });
}

describe('activityInterceptors', () => {
  it('measure an attempt that succeeds', async () => {
    expect(await environment.run(async () => 'applied', INPUT)).toBe('applied');
    expect(await counted('ok')).toBe(1);
  });

  it('measure one that fails, and let it fail as before', async () => {
    const failure = new Error('no');
    const failing = environment.run(() => Promise.reject(failure), INPUT);
    await expect(failing).rejects.toBe(failure);
    expect(await counted('failed')).toBe(1);
  });

  it('tell one that is cancelled from one that fails', async () => {
    const cancelled = environment.run(() => Promise.reject(new CancelledFailure('no')), INPUT);
    await expect(cancelled).rejects.toBeInstanceOf(CancelledFailure);
    expect(await counted('cancelled')).toBe(1);
    expect(await counted('failed')).toBeUndefined();
  });

  it('add node, image, step, run and attempt to its log lines', async () => {
    const logger = activityLogger(log);
    await environment.run(async () => logger.warn('event not recorded', { reason: 'x' }), INPUT);
    expect(log.entries).toEqual([
      {
        message: 'event not recorded',
        fields: {
          namespace: 'nodes',
          name: 'n0',
          image: 'sei:v2',
          step: 'apply-statefulset',
          workflowId: 'seinode/eu/nodes/n0',
          runId: 'run',
          attempt: 4,
          reason: 'x',
        },
      },
    ]);
  });

  it('name the image that the node is to run if the input of the activity has none', async () => {
    const logger = activityLogger(log);
    await environment.run(async () => logger.info('run ended'), { planId: 'plan' });
    expect(log.entries[0]?.fields).toMatchObject({ image: 'image of nodes/n0' });
  });

  it('leave lines outside an activity alone', () => {
    activityLogger(log).info('worker started', { taskQueue: 'q' });
    expect(log.entries).toEqual([{ message: 'worker started', fields: { taskQueue: 'q' } }]);
  });
});
