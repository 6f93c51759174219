import { ApplicationFailure } from '@temporalio/common';
import { describe, expect } from 'vitest';

import { FailureType } from '../../domain/failure/failure-type.ts';
import { eventually } from '../support/eventually.ts';
import {
  BEGUN,
  NOTHING_DUE,
  podRunning,
  SYNC_DUE,
  TARGET,
  UPDATE_DUE,
  waitsUntilCancelled,
} from '../support/workflow/fake-activities.ts';
import { gate } from '../support/workflow/gate.ts';
import { workflowTest } from '../support/workflow/workflow-test.ts';

const it = workflowTest;

const SYNC = { ...BEGUN, applies: true, sidecar: undefined } as const;

describe('nodeSync', () => {
  it('applies the objects, and leaves a running pod alone', async ({ start }) => {
    const { fakes, harness } = await start();
    await (await harness.observe('nodeSync')).result();
    expect(new Set(fakes.calls)).toEqual(
      new Set([
        'beginSync',
        'applyStatefulSet',
        'applyService',
        'applyRbacProxyConfig',
        'finishSync',
      ]),
    );
  });

  it('waits for a pod that comes up, of whatever revision, and marks it ready', async ({
    start,
  }) => {
    const revisions: string[] = [];
    const ready: unknown[] = [];
    const { fakes, harness } = await start({
      beginSync: async () => ({ ...SYNC, marksReady: true }),
      observeImage: async (input) => {
        revisions.push(input.revision);
        return { kind: 'complete', pod: podRunning(input) };
      },
      finishSync: async ({ sidecar }) => {
        ready.push(sidecar);
        return { kind: 'finished', due: NOTHING_DUE };
      },
    });
    await (await harness.observe('nodeSync')).result();
    expect(revisions).toEqual(['any']);
    expect(ready).toEqual(['ready']);
    expect(fakes.countOf('replacePod')).toBe(0);
  });

  it('applies in the pass after one that cleared an identity or deleted an impostor', async ({
    start,
  }) => {
    const passes: string[] = [];
    const { harness } = await start({
      applyStatefulSet: async () => {
        passes.push('pass');
        return passes.length < 3
          ? { kind: 'again' }
          : { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 1 } };
      },
    });
    await (await harness.observe('nodeSync')).result();
    expect(passes).toHaveLength(3);
  });

  it('touches no object of a node that was created paused', async ({ start }) => {
    const { fakes, harness } = await start({
      beginSync: async () => ({ ...SYNC, applies: false, marksReady: false }),
    });
    await (await harness.observe('nodeSync')).result();
    expect(fakes.calls).toEqual(['beginSync', 'finishSync']);
  });

  it('shows a paused node as paused once no pod of it is left', async ({ start }) => {
    const { fakes, harness } = await start({
      beginSync: async () => ({
        ...SYNC,
        target: { ...TARGET, replicas: 0 },
        scalesDown: true,
        marksReady: false,
      }),
    });
    await (await harness.observe('nodeSync')).result();
    expect(fakes.calls.slice(-2)).toEqual(['awaitPodsGone', 'finishSync']);
  });

  it('stops waiting for the pods of a node that is no longer paused', async ({ start }) => {
    const waiting = gate();
    const paused = { ...TARGET, replicas: 0 } as const;
    const { fakes, harness } = await start({
      beginSync: async () =>
        fakes.countOf('beginSync') === 1
          ? { ...SYNC, target: paused, scalesDown: true, marksReady: false }
          : { ...SYNC, generation: 3, marksReady: false },
      awaitPodsGone: () => {
        waiting.open();
        return waitsUntilCancelled();
      },
      readTarget: async () => ({ generation: 3, target: TARGET }),
    });
    const run = await harness.observe('nodeSync');
    await waiting.passed;
    await harness.observe('nodeSync', { generation: 3 });
    await run.result();
    expect(fakes.countOf('awaitPodsGone')).toBe(1);
    expect(fakes.countOf('finishSync')).toBe(1);
  });

  it('shows a foreign owner, and goes on once that is gone', async ({ start }) => {
    let isGone = false;
    const { fakes, harness } = await start({
      applyStatefulSet: async () => {
        if (!isGone) throw ApplicationFailure.nonRetryable('theirs', FailureType.ForeignOwner);
        return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 1 } };
      },
    });
    const run = await harness.observe('nodeSync');
    await eventually('the run parks', async () => (await harness.progress()).step === 'parked');
    isGone = true;
    await harness.observe('nodeSync');
    await run.result();
    expect(fakes.countOf('failSync')).toBe(1);
    expect(fakes.countOf('finishSync')).toBe(1);
  });

  it('goes on as an update under the same id when the image drifts meanwhile', async ({
    start,
  }) => {
    const { fakes, harness } = await start({
      finishSync: async () => ({ kind: 'finished', due: UPDATE_DUE }),
    });
    await (await harness.observe('nodeSync')).result();
    expect(fakes.countOf('finishUpdate')).toBe(1);
  });
});

describe('a pause in the middle of an update', () => {
  it('ends the step, scales to zero as nodeSync, and leaves the update unfinished', async ({
    start,
  }) => {
    const waiting = gate();
    const { fakes, harness } = await start({
      observeImage: () => {
        waiting.open();
        return waitsUntilCancelled();
      },
      readTarget: async () => ({ generation: 3, target: { ...TARGET, replicas: 0 } }),
      beginUpdate: async () =>
        fakes.countOf('beginUpdate') === 1 ? { ...BEGUN } : { kind: 'not-due', due: SYNC_DUE },
    });
    const run = await harness.observe('nodeUpdate');
    await waiting.passed;
    await harness.observe('nodeSync', { generation: 3 });
    await run.result();
    const paused = fakes.calls.indexOf('beginSync');
    expect(fakes.calls.slice(paused)).toContain('applyStatefulSet');
    expect(fakes.calls).not.toContain('finishUpdate');
  });
});

describe('nodeDelete', () => {
  it('takes the StatefulSet and the claim down before it lets the node go', async ({ start }) => {
    const { fakes, harness } = await start();
    await (await harness.observe('nodeDelete')).result();
    expect(fakes.calls).toEqual([
      'beginDelete',
      'deleteStatefulSet',
      'awaitPodsGone',
      'deleteDataPvc',
      'removeFinalizer',
    ]);
  });

  it('deletes no data while a pod is left, and receives signals meanwhile', async ({ start }) => {
    const waiting = gate();
    let isLeft = true;
    const { fakes, harness } = await start({
      awaitPodsGone: async () => {
        waiting.open();
        return isLeft ? waitsUntilCancelled() : { kind: 'none-left' };
      },
    });
    const run = await harness.observe('nodeDelete');
    await waiting.passed;
    expect((await harness.progress()).step).toBe('await-pods-gone');
    expect(fakes.calls).not.toContain('deleteDataPvc');
    isLeft = false;
    await run.signal('retry', {});
    await run.result();
    expect(fakes.countOf('awaitPodsGone')).toBe(2);
    expect(fakes.calls.at(-1)).toBe('removeFinalizer');
  });

  it('shows the reason why a pod stays, and lets the node go once none is left', async ({
    start,
  }) => {
    const told: (string | undefined)[] = [];
    const trouble = { reason: 'PodTerminating', message: 'pod n0-0' } as const;
    const { fakes, harness } = await start({
      awaitPodsGone: async ({ known }) =>
        known === undefined ? { kind: 'blocked', trouble } : { kind: 'none-left' },
      recordStall: async ({ trouble: stall }) => void told.push(stall?.reason),
    });
    await (await harness.observe('nodeDelete')).result();
    expect(told).toEqual(['PodTerminating']);
    expect(fakes.calls.at(-1)).toBe('removeFinalizer');
  });

  it('follows an update that waits, as soon as the node is deleted', async ({ start }) => {
    const waiting = gate();
    const { fakes, harness } = await start({
      observeImage: () => {
        waiting.open();
        return waitsUntilCancelled();
      },
      readTarget: async () => undefined,
      beginUpdate: async () =>
        fakes.countOf('beginUpdate') === 1
          ? { ...BEGUN }
          : { kind: 'not-due', due: { kind: 'nodeDelete' } },
    });
    const run = await harness.observe('nodeUpdate');
    await waiting.passed;
    await harness.observe('nodeDelete', { generation: 3 });
    await run.result();
    expect(fakes.calls.at(-1)).toBe('removeFinalizer');
  });

  it('follows a run that is parked', async ({ start }) => {
    const { fakes, harness } = await start({
      applyStatefulSet: async () => {
        throw ApplicationFailure.nonRetryable('bad', FailureType.InvalidSpec);
      },
      beginUpdate: async () =>
        fakes.countOf('beginUpdate') === 1
          ? { ...BEGUN }
          : { kind: 'not-due', due: { kind: 'nodeDelete' } },
    });
    const run = await harness.observe('nodeUpdate');
    await eventually('the run parks', async () => (await harness.progress()).step === 'parked');
    await harness.observe('nodeDelete', { generation: 3 });
    await run.result();
    expect(fakes.calls.at(-1)).toBe('removeFinalizer');
  });
});
