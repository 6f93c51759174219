import { ApplicationFailure } from '@temporalio/common';
import { describe, expect } from 'vitest';

import { FailureType } from '../../domain/failure/failure-type.ts';
import { eventually } from '../support/eventually.ts';
import { BEGUN, NOTHING_DUE, podRunning, UPDATE_DUE } from '../support/workflow/fake-activities.ts';
import { workflowTest } from '../support/workflow/workflow-test.ts';

const it = workflowTest;

const TAKING_OVER = {
  ...BEGUN,
  kind: 'taking-over',
  marksReady: false,
} as const;

describe('nodeInit', () => {
  it('makes the other objects before the pod, and marks it ready last', async ({ start }) => {
    const { fakes, harness } = await start();
    await (await harness.observe('nodeInit')).result();
    expect(fakes.calls[0]).toBe('beginInit');
    expect(new Set(fakes.calls.slice(1, 4))).toEqual(
      new Set(['applyRbacProxyConfig', 'applyService', 'ensureDataPvc']),
    );
    expect(fakes.calls.slice(4)).toEqual([
      'applyStatefulSet',
      'replacePod',
      'observeImage',
      'markReady',
      'finishInit',
    ]);
  });

  it('takes a serving node over without a step that reaches its pod', async ({ start }) => {
    const { fakes, harness } = await start({ beginInit: async () => TAKING_OVER });
    await (await harness.observe('nodeInit')).result();
    expect(new Set(fakes.calls)).toEqual(
      new Set([
        'applyRbacProxyConfig',
        'applyService',
        'applyStatefulSet',
        'beginInit',
        'takeOver',
      ]),
    );
  });

  it('opens the gate of a pod that was left waiting, and touches nothing else of it', async ({
    start,
  }) => {
    const revisions: string[] = [];
    const { fakes, harness } = await start({
      beginInit: async () => ({ ...TAKING_OVER, marksReady: true }),
      observeImage: async (input) => {
        revisions.push(input.revision);
        return { kind: 'complete', pod: podRunning(input) };
      },
    });
    await (await harness.observe('nodeInit')).result();
    expect(fakes.calls.slice(-3)).toEqual(['observeImage', 'markReady', 'takeOver']);
    expect(revisions).toEqual(['any']);
    expect(fakes.countOf('replacePod')).toBe(0);
  });

  it('goes on as an update, under the same id, when the taken-over node has drifted', async ({
    start,
  }) => {
    const { fakes, harness } = await start({
      beginInit: async () => TAKING_OVER,
      takeOver: async () => ({ kind: 'finished', due: UPDATE_DUE }),
    });
    const run = await harness.observe('nodeInit');
    await run.result();
    expect((await harness.client.workflow.getHandle(harness.workflowId).describe()).type).toBe(
      'nodeUpdate',
    );
    expect(fakes.countOf('finishUpdate')).toBe(1);
  });

  it('shows the step at which an invalid spec stops it, and goes on once mended', async ({
    start,
  }) => {
    let isMended = false;
    const failures: unknown[] = [];
    const { fakes, harness } = await start({
      applyStatefulSet: async () => {
        if (!isMended) throw ApplicationFailure.nonRetryable('no mode', FailureType.InvalidSpec);
        return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 3 } };
      },
      failInit: async ({ failure }) => void failures.push(failure),
    });
    const run = await harness.observe('nodeInit');
    await eventually('the run parks', async () => (await harness.progress()).step === 'parked');
    expect((await harness.progress()).lastError).toContain('no mode');
    isMended = true;
    await harness.observe('nodeInit', { generation: 3 });
    await run.result();
    expect(failures).toEqual([
      { step: 'apply-statefulset', reason: 'InvalidSpec', message: 'no mode' },
    ]);
    expect(fakes.countOf('finishInit')).toBe(1);
  });

  it('shows a failure at its beginning, and makes nothing until somebody mends the cause', async ({
    start,
  }) => {
    let isMended = false;
    const failures: unknown[] = [];
    const { fakes, harness } = await start({
      beginInit: async () => {
        if (!isMended) throw ApplicationFailure.nonRetryable('theirs', FailureType.ForeignOwner);
        return { ...BEGUN, tasks: [] };
      },
      failInit: async ({ failure, generation }) => void failures.push({ failure, generation }),
    });
    const run = await harness.observe('nodeInit');
    await eventually('the run parks', async () => (await harness.progress()).step === 'parked');
    expect(fakes.countOf('ensureDataPvc')).toBe(0);
    isMended = true;
    await harness.observe('nodeInit', { generation: 3 });
    await run.result();
    const failure = { step: 'begin', reason: 'ForeignOwner', message: 'theirs' };
    expect(failures).toEqual([{ failure, generation: undefined }]);
  });

  it('ends without a step if the node needs nothing', async ({ start }) => {
    const { fakes, harness } = await start({
      beginInit: async () => ({ kind: 'not-due', due: NOTHING_DUE }),
    });
    await (await harness.observe('nodeInit')).result();
    expect(fakes.calls).toEqual(['beginInit']);
  });
});
