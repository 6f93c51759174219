import { ApplicationFailure } from '@temporalio/common';
import { describe, expect } from 'vitest';

import { FailureType } from '../../domain/failure/failure-type.ts';
import type { DueWork } from '../../domain/work/due-work.ts';
import { eventually } from '../support/eventually.ts';
import { identified } from '../support/identified.ts';
import { BEGUN, NOTHING_DUE, waitsUntilCancelled } from '../support/workflow/fake-activities.ts';
import { gate } from '../support/workflow/gate.ts';
import type { WorkflowHarness } from '../support/workflow/workflow-harness.ts';
import { workflowTest } from '../support/workflow/workflow-test.ts';
import { openSmallHistories, resyncUntilContinued, SUGGESTED_EVENTS } from './long-histories.ts';

const it = workflowTest.override('temporal', { scope: 'file' }, openSmallHistories);

describe('a run whose history is full', () => {
  it('hands its wait to the next run', async ({ start }) => {
    const cancelled: string[] = [];
    const waits = (name: string) => async () => {
      try {
        return await waitsUntilCancelled();
      } finally {
        cancelled.push(name);
      }
    };
    const { fakes, harness } = await start({ observeImage: waits('observe-image') });
    await harness.observe('nodeUpdate');
    await eventually('it observes', () => fakes.countOf('observeImage') === 1);
    await resyncUntilContinued(harness);
    await eventually('it observes again', () => fakes.countOf('observeImage') === 2);
    expect(cancelled).toEqual(['observe-image']);
    expect(await harness.progress()).toMatchObject({
      target: 'sei:v2',
      previousImage: 'sei:v1',
      step: 'observe-image',
      failures: 0,
    });
  });

  it('stays parked, without an attempt, until there is a change', async ({ start }) => {
    let isMended = false;
    const { fakes, harness } = await start({
      applyStatefulSet: async () => {
        if (!isMended) throw ApplicationFailure.nonRetryable('bad', FailureType.InvalidSpec);
        return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 3 } };
      },
    });
    await harness.observe('nodeUpdate');
    await eventually('it parks', async () => (await harness.progress()).step === 'parked');
    const before = await harness.progress();
    await resyncUntilContinued(harness);
    expect(await harness.progress()).toMatchObject({
      step: 'parked',
      failures: 1,
      waitingFor: before.waitingFor,
      lastError: 'apply-statefulset: InvalidSpec: bad',
    });
    expect(fakes.countOf('applyStatefulSet')).toBe(1);
    isMended = true;
    await (await harness.observe('nodeUpdate', { generation: 3 })).result();
    expect(fakes.countOf('finishUpdate')).toBe(1);
  });

  it.for<[string, (harness: WorkflowHarness) => Promise<unknown>]>([
    ['a change', (harness) => harness.observe('nodeUpdate', { generation: 2 })],
    [
      'a command',
      ({ client, workflowId }) => client.workflow.getHandle(workflowId).signal('retry', {}),
    ],
  ])('tries again after %s that came while it failed and filled', async ([, tell], { start }) => {
    const [failing, told] = [gate(), gate()];
    let applies = 0;
    const { fakes, harness } = await start({
      applyStatefulSet: async () => {
        applies += 1;
        if (applies === 1) throw ApplicationFailure.nonRetryable('bad', FailureType.InvalidSpec);
        return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 3 } };
      },
      failUpdate: async () => {
        failing.open();
        await told.passed;
      },
    });
    await harness.observe('nodeUpdate');
    await failing.passed;
    for (let nth = 0; nth < SUGGESTED_EVENTS; nth += 1) {
      await harness.observe('nodeUpdate', { cause: 'resync' });
    }
    await tell(harness);
    told.open();
    await harness.client.workflow.getHandle(harness.workflowId).result();
    expect(fakes.countOf('failUpdate')).toBe(1);
    expect(fakes.countOf('finishUpdate')).toBe(1);
  });

  it('backs off for the rest of the time, and counts on', async ({ start }) => {
    let applies = 0;
    const { fakes, harness } = await start({
      applyStatefulSet: async () => {
        applies += 1;
        if (applies < 3) throw ApplicationFailure.nonRetryable('a bug', 'Unexpected');
        return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 3 } };
      },
    });
    await harness.observe('nodeUpdate');
    await eventually('it parks', async () => (await harness.progress()).step === 'parked');
    await resyncUntilContinued(harness);
    const { step, failures, waitingFor } = await harness.progress();
    expect({ step, failures }).toEqual({ step: 'parked', failures: 2 });
    const left = Number(/the next attempt in (\d+) s/.exec(waitingFor ?? '')?.[1]);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThanOrEqual(30);
    expect(applies).toBe(2);
    const run = harness.client.workflow.getHandle(harness.workflowId);
    await run.signal('retry', {});
    await run.result();
    expect(fakes.countOf('finishUpdate')).toBe(1);
  });

  it('stays held until it is resumed', async ({ start }) => {
    const held: DueWork = {
      kind: 'held',
      hold: { reason: 'maintenance', actor: 'kim', since: '2026-01-01T12:00:00.000Z' },
    };
    let isHeld = true;
    const { fakes, harness } = await start({
      beginUpdate: async () => (isHeld ? { kind: 'not-due', due: held } : { ...BEGUN }),
      steer: async ({ command }) => {
        isHeld = false;
        return { kind: 'done', message: command.kind };
      },
    });
    await harness.observe('nodeUpdate');
    await eventually('it is held', async () => (await harness.progress()).held);
    await resyncUntilContinued(harness);
    await eventually('it is held again', async () => (await harness.progress()).held);
    expect(fakes.calls.filter((name) => name !== 'beginUpdate')).toEqual([]);
    const run = harness.client.workflow.getHandle(harness.workflowId);
    expect(await run.executeUpdate('resume', { args: [{}] })).toBe('resume');
    await run.result();
    expect(fakes.countOf('finishUpdate')).toBe(1);
  });

  it('carries out a retry that came last', async ({ start }) => {
    const [begun, told] = [gate(), gate()];
    const failed: DueWork = { kind: 'failed', why: 'given up' };
    let isRetried = false;
    const { harness } = await start({
      beginInit: async () => {
        begun.open();
        await told.passed;
        return { kind: 'not-due', due: isRetried ? NOTHING_DUE : failed };
      },
      steer: async ({ command }) => {
        isRetried = command.kind === 'retry';
        return { kind: 'done', message: command.kind };
      },
    });
    const { signaledRunId } = await harness.observe('nodeInit');
    await begun.passed;
    const run = harness.client.workflow.getHandle(harness.workflowId);
    for (let nth = 0; nth < SUGGESTED_EVENTS; nth += 1) {
      await harness.observe('nodeInit', { cause: 'resync' });
    }
    await run.signal('retry', {});
    told.open();
    await run.result();
    expect(isRetried).toBe(true);
    expect((await run.describe()).runId).not.toBe(signaledRunId);
  });

  it('lets the sidecar go on with its task', async ({ start }) => {
    const taskIds = new Set<string>();
    let isDone = false;
    const { fakes, harness } = await start({
      beginInit: async () => ({
        ...BEGUN,
        tasks: [identified({ type: 'snapshot-restore', retries: 0 })],
      }),
      runSidecarTask: async ({ taskId }) => {
        taskIds.add(taskId);
        return isDone ? { kind: 'done' } : waitsUntilCancelled();
      },
    });
    const { client, workflowId } = harness;
    await harness.observe('nodeInit');
    await eventually('the task is under way', () => fakes.countOf('runSidecarTask') === 1);
    await resyncUntilContinued(harness, 'nodeInit').finally(() => (isDone = true));
    await client.workflow.getHandle(workflowId).signal('retry', {});
    await client.workflow.getHandle(workflowId).result();
    expect(fakes.countOf('runSidecarTask')).toBeGreaterThan(1);
    expect(taskIds.size).toBe(1);
  });
});
