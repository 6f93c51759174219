import { ApplicationFailure } from '@temporalio/common';
import { describe, expect } from 'vitest';

import { FailureType } from '../../domain/failure/failure-type.ts';
import { eventually } from '../support/eventually.ts';
import {
  BEGUN,
  NOTHING_DUE,
  podRunning,
  TARGET,
  UPDATE_DUE,
  waitsUntilCancelled,
} from '../support/workflow/fake-activities.ts';
import { gate } from '../support/workflow/gate.ts';
import { workflowTest } from '../support/workflow/workflow-test.ts';

const it = workflowTest;

describe('nodeUpdate', () => {
  it('takes the steps in their order and applies the two objects side by side', async ({
    start,
  }) => {
    const { fakes, harness } = await start();
    await (await harness.observe('nodeUpdate')).result();
    const [begin, one, other, ...rest] = fakes.calls;
    expect(begin).toBe('beginUpdate');
    expect(new Set([one, other])).toEqual(new Set(['applyService', 'applyStatefulSet']));
    expect(rest).toEqual(['replacePod', 'observeImage', 'markReady', 'finishUpdate']);
  });

  it('does nothing if nothing is due', async ({ start }) => {
    const { fakes, harness } = await start({
      beginUpdate: async () => ({ kind: 'not-due', due: NOTHING_DUE }),
    });
    await (await harness.observe('nodeUpdate')).result();
    expect(fakes.calls).toEqual(['beginUpdate']);
  });

  it('ends without another step if the node is gone', async ({ start }) => {
    const { fakes, harness } = await start({ replacePod: async () => ({ kind: 'gone' }) });
    await (await harness.observe('nodeUpdate')).result();
    // Whether it is gone for good or only being deleted, a decision tells.
    expect(fakes.calls.slice(3)).toEqual(['replacePod', 'decideDueWork']);
  });

  it('passes the identity that apply returned, and nothing older, to the steps after it', async ({
    start,
  }) => {
    const seen: unknown[] = [];
    const { harness } = await start({
      replacePod: async ({ statefulSet, target, generation }) => {
        seen.push({ statefulSet, target, generation });
        return { kind: 'replaced', pods: [] };
      },
    });
    await (await harness.observe('nodeUpdate')).result();
    expect(seen).toEqual([
      { statefulSet: { uid: 'sts-uid', generation: 2 }, target: TARGET, generation: 2 },
    ]);
  });

  it('retries a transient error within the same attempt, and never records a failure', async ({
    start,
  }) => {
    let attempts = 0;
    const { fakes, harness } = await start({
      applyStatefulSet: async () => {
        attempts += 1;
        if (attempts < 4) throw new Error('connection refused');
        return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 2 } };
      },
    });
    await (await harness.observe('nodeUpdate')).result();
    expect(attempts).toBe(4);
    expect(fakes.countOf('beginUpdate')).toBe(1);
    expect(fakes.countOf('failUpdate')).toBe(0);
  });

  it('records a permanent failure, tries once more at once, and then completes', async ({
    start,
  }) => {
    const failures: unknown[] = [];
    const planIds: string[] = [];
    let applies = 0;
    const { fakes, harness } = await start({
      beginUpdate: async ({ planId }) => {
        planIds.push(planId);
        return { ...BEGUN };
      },
      applyStatefulSet: async () => {
        applies += 1;
        if (applies === 1) {
          throw ApplicationFailure.nonRetryable('a bug', 'Unexpected');
        }
        return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 2 } };
      },
      failUpdate: async ({ failure }) => void failures.push(failure),
    });
    await (await harness.observe('nodeUpdate')).result();
    expect(failures).toEqual([
      { step: 'apply-statefulset', reason: 'Unexpected', message: 'a bug' },
    ]);
    expect(fakes.countOf('finishUpdate')).toBe(1);
    expect(new Set(planIds).size).toBe(2);
  });

  it('waits for a change if only a change can mend the failure', async ({ start }) => {
    let isMended = false;
    const { fakes, harness } = await start({
      applyStatefulSet: async () => {
        if (!isMended) throw ApplicationFailure.nonRetryable('bad', FailureType.InvalidSpec);
        return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 3 } };
      },
      beginUpdate: async () => ({
        ...BEGUN,
        generation: isMended ? 3 : 2,
        target: TARGET,
        previousImage: 'sei:v1',
      }),
    });
    const run = await harness.observe('nodeUpdate');
    await eventually('the run parks', async () => (await harness.progress()).step === 'parked');
    await harness.observe('nodeUpdate', { cause: 'resync' });
    expect((await harness.progress()).step).toBe('parked');
    isMended = true;
    await harness.observe('nodeUpdate', { generation: 3 });
    await run.result();
    expect(fakes.countOf('failUpdate')).toBe(1);
  });

  it('does not miss a change that was signalled while the attempt was under way', async ({
    start,
  }) => {
    let isMended = false;
    const applying = gate();
    const told = gate();
    const { fakes, harness } = await start({
      applyStatefulSet: async () => {
        if (isMended) return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 2 } };
        applying.open();
        await told.passed;
        isMended = true;
        throw ApplicationFailure.nonRetryable('theirs', FailureType.ForeignOwner);
      },
    });
    const run = await harness.observe('nodeUpdate');
    await applying.passed;
    await harness.observe('nodeUpdate');
    told.open();
    await run.result();
    expect(fakes.countOf('finishUpdate')).toBe(1);
  });

  it('tries at once when a person sends retry to a parked run', async ({ start }) => {
    let isMended = false;
    const { fakes, harness } = await start({
      applyStatefulSet: async () => {
        if (!isMended) throw ApplicationFailure.nonRetryable('foreign', FailureType.ForeignOwner);
        return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 2 } };
      },
    });
    const run = await harness.observe('nodeUpdate');
    await eventually('the run parks', async () => (await harness.progress()).step === 'parked');
    isMended = true;
    await run.signal('retry');
    await run.result();
    expect(fakes.countOf('finishUpdate')).toBe(1);
  });

  it('leaves no step running when the one beside it fails', async ({ start }) => {
    const serviceEnded = gate();
    let applies = 0;
    const { fakes, harness } = await start({
      applyStatefulSet: async () => {
        applies += 1;
        if (applies === 1) throw ApplicationFailure.nonRetryable('no', 'Unexpected');
        return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 2 } };
      },
      applyService: async () => {
        if (applies <= 1) throw new Error('service unavailable');
        serviceEnded.open();
      },
    });
    await (await harness.observe('nodeUpdate')).result();
    await serviceEnded.passed;
    const failedAt = fakes.calls.indexOf('failUpdate');
    const nextBegin = fakes.calls.indexOf('beginUpdate', failedAt);
    expect(fakes.calls.slice(failedAt, nextBegin)).toEqual(['failUpdate']);
  });
});

describe('nodeUpdate while it waits', () => {
  it('records a stall once, and its end once', async ({ start }) => {
    const trouble = { reason: 'ImagePullBackOff', message: 'no such image' } as const;
    const known: unknown[] = [];
    const recorded: unknown[] = [];
    const { harness } = await start({
      observeImage: async (input) => {
        known.push(input.known?.reason);
        if (known.length === 1) return { kind: 'blocked', trouble };
        if (known.length === 2) return { kind: 'unblocked' };
        return { kind: 'complete', pod: podRunning(input) };
      },
      recordStall: async (input) => void recorded.push(input.trouble),
    });
    await (await harness.observe('nodeUpdate')).result();
    expect(known).toEqual([undefined, 'ImagePullBackOff', undefined]);
    expect(recorded).toEqual([trouble, undefined]);
  });

  it.for(['nodeInit', 'nodeUpdate', 'nodeSync'] as const)(
    'knows in a %s the stall that an earlier attempt has recorded',
    async (kind, { start }) => {
      const known: unknown[] = [];
      const stall = { reason: 'ImagePullBackOff', message: 'no such image' } as const;
      const { fakes, harness } = await start({
        beginInit: async () => ({ ...BEGUN, stall, tasks: [] }),
        beginUpdate: async () => ({ ...BEGUN, stall }),
        beginSync: async () => ({
          ...BEGUN,
          stall,
          applies: true,
          marksReady: true,
          sidecar: undefined,
        }),
        observeImage: async (input) => {
          known.push(input.known);
          return known.length === 1
            ? { kind: 'unblocked' }
            : { kind: 'complete', pod: podRunning(input) };
        },
      });
      await (await harness.observe(kind)).result();
      expect(known).toEqual([stall, undefined]);
      expect(fakes.countOf('recordStall')).toBe(1);
    },
  );

  it('observes again when the pod is lost before its sidecar is ready', async ({ start }) => {
    let marks = 0;
    const { fakes, harness } = await start({
      markReady: async () => {
        marks += 1;
        return marks === 1 ? { kind: 'pod-lost' } : { kind: 'ready' };
      },
    });
    await (await harness.observe('nodeUpdate')).result();
    expect(fakes.countOf('observeImage')).toBe(2);
  });

  it('submits each round of mark-ready under a new id', async ({ start }) => {
    const ids: string[] = [];
    const { harness } = await start({
      markReady: async ({ taskId }) => {
        ids.push(taskId);
        return ids.length < 3 ? { kind: 'forgotten' } : { kind: 'ready' };
      },
    });
    await (await harness.observe('nodeUpdate')).result();
    expect(new Set(ids).size).toBe(3);
  });

  it('fails the update when the sidecar fails its task again and again', async ({ start }) => {
    const failures: { reason: string; step: string }[] = [];
    const { harness } = await start({
      markReady: async () =>
        failures.length > 0 ? { kind: 'ready' } : { kind: 'task-failed', error: 'disk full' },
      failUpdate: async ({ failure }) => void failures.push(failure),
    });
    await (await harness.observe('nodeUpdate')).result();
    expect(failures).toEqual([
      expect.objectContaining({ step: 'mark-ready', reason: 'SidecarTaskFailed' }),
    ]);
  });

  it('is superseded in a retry back-off, after the step has ended, and ends on the newest', async ({
    start,
  }) => {
    const newest = { ...TARGET, image: 'sei:v3' };
    const applied: string[] = [];
    let wanted: typeof newest = TARGET;
    let generation = 2;
    const { fakes, harness } = await start({
      beginUpdate: async () => ({ ...BEGUN, generation, target: wanted, previousImage: 'a' }),
      readTarget: async () => ({ generation, target: wanted }),
      applyStatefulSet: async ({ target }) => {
        applied.push(target.image);
        if (target.image === TARGET.image) throw new Error('the API server is down');
        return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation } };
      },
    });
    const run = await harness.observe('nodeUpdate');
    await eventually('some attempts fail', () => Promise.resolve(applied.length >= 3));
    wanted = newest;
    generation = 3;
    await harness.observe('nodeUpdate', { generation: 3 });
    await run.result();
    expect(applied.lastIndexOf(TARGET.image)).toBeLessThan(applied.indexOf(newest.image));
    expect(applied.filter((image) => image === newest.image)).toHaveLength(1);
    expect(fakes.countOf('failUpdate')).toBe(0);
    expect((await run.describe()).status.name).toBe('COMPLETED');
  });

  it('follows in the same run when a step itself finds that it is superseded', async ({
    start,
  }) => {
    let begins = 0;
    const { fakes, harness } = await start({
      beginUpdate: async () => {
        begins += 1;
        const target = begins === 1 ? TARGET : { ...TARGET, image: 'sei:v3' };
        return { ...BEGUN, generation: begins + 1, target, previousImage: 'sei:v1' };
      },
      observeImage: async (input) =>
        input.target.image === TARGET.image
          ? { kind: 'superseded' }
          : { kind: 'complete', pod: podRunning(input) },
    });
    await (await harness.observe('nodeUpdate')).result();
    expect(fakes.countOf('beginUpdate')).toBe(2);
    expect(fakes.countOf('finishUpdate')).toBe(1);
  });
});

describe('nodeUpdate at its end', () => {
  it('decides again when a change is signalled at its last moment', async ({ start }) => {
    const finishing = gate();
    const told = gate();
    const decided: string[] = [];
    const { fakes, harness } = await start({
      finishUpdate: async () => {
        if (fakes.countOf('finishUpdate') === 1) {
          finishing.open();
          await told.passed;
        }
        return { kind: 'finished', due: NOTHING_DUE };
      },
      decideDueWork: async () => {
        decided.push('decided');
        return decided.length === 1 ? UPDATE_DUE : NOTHING_DUE;
      },
    });
    const run = await harness.observe('nodeUpdate');
    await finishing.passed;
    await harness.observe('nodeUpdate', { generation: 3 });
    told.open();
    await run.result();
    expect(decided).toHaveLength(1);
    expect(fakes.countOf('beginUpdate')).toBe(2);
  });

  it('needs no further read after the echo of its own last write', async ({ start }) => {
    const finishing = gate();
    const told = gate();
    const { fakes, harness } = await start({
      finishUpdate: async () => {
        finishing.open();
        await told.passed;
        return { kind: 'finished', due: NOTHING_DUE };
      },
    });
    const run = await harness.observe('nodeUpdate');
    await finishing.passed;
    await harness.observe('nodeUpdate', { due: 'nothing' });
    told.open();
    await run.result();
    expect(fakes.countOf('decideDueWork')).toBe(0);
  });

  it('makes one run of 40 rapid drifts, and ends on the last target', async ({ start }) => {
    let generation = 2;
    const target = () => ({ ...TARGET, image: `sei:v${generation}` });
    const finished: string[] = [];
    let current = 'sei:v1';
    const due = () =>
      current === target().image
        ? NOTHING_DUE
        : ({ kind: 'nodeUpdate', target: target(), drifts: [] } as const);
    const { harness } = await start({
      beginUpdate: async () => ({
        ...BEGUN,
        generation,
        target: target(),
        previousImage: current,
      }),
      readTarget: async () => ({ generation, target: target() }),
      decideDueWork: async () => due(),
      observeImage: async (input) => {
        // Else a run might be over before the next drift is told of.
        if (input.target.image !== 'sei:v42') return waitsUntilCancelled();
        current = input.target.image;
        return { kind: 'complete', pod: podRunning(input) };
      },
      finishUpdate: async () => {
        finished.push(current);
        return { kind: 'finished', due: due() };
      },
    });
    const handles = [];
    for (; generation < 42; generation += 1) {
      handles.push(await harness.observe('nodeUpdate', { generation }));
    }
    handles.push(await harness.observe('nodeUpdate', { generation }));
    await handles[0]?.result();
    expect(finished).toEqual(['sei:v42']);
    const newest = await harness.client.workflow.getHandle(harness.workflowId).describe();
    const runs = new Set(handles.map(({ signaledRunId }) => signaledRunId));
    expect(runs).toEqual(new Set([newest.runId]));
  });

  it('hands over to another node of its name without touching it', async ({ start }) => {
    const observing = gate();
    const touched: string[] = [];
    const { fakes, harness } = await start({
      observeImage: () => {
        observing.open();
        return waitsUntilCancelled();
      },
      beginInit: async ({ node }) => {
        touched.push(node.uid);
        return { kind: 'not-due', due: NOTHING_DUE };
      },
      decideDueWork: async ({ node }) => {
        if (node.uid === 'another-uid') return NOTHING_DUE;
        return { kind: 'gone', successor: { ...node, uid: 'another-uid' } };
      },
    });
    const run = await harness.observe('nodeUpdate');
    await observing.passed;
    await harness.observe('nodeInit', { node: { ...harness.node, uid: 'told-uid' } });
    await run.result();
    expect(touched).toEqual(['another-uid']);
    // Nothing of the earlier node but the read that finds it gone.
    const after = fakes.calls.slice(fakes.calls.lastIndexOf('observeImage') + 1);
    expect(new Set(after)).toEqual(new Set(['decideDueWork', 'beginInit']));
  });
});
