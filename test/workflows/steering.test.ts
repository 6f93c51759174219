import type { WorkflowHandleWithSignaledRunId } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { afterEach, describe, expect } from 'vitest';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import type { AttemptInput } from '../../activities/contract/plan.ts';
import { FailureType } from '../../domain/failure/failure-type.ts';
import type { Hold } from '../../domain/node/sei-node-status.ts';
import type { DueWork } from '../../domain/work/due-work.ts';
import { eventually } from '../support/eventually.ts';
import {
  BEGUN,
  HOLD,
  NOTHING_DUE,
  podRunning,
  SERVING,
  SERVING_DUE,
  waitsUntilCancelled,
} from '../support/workflow/fake-activities.ts';
import type { WorkflowHarness } from '../support/workflow/workflow-harness.ts';
import { workflowTest } from '../support/workflow/workflow-test.ts';

afterEach(() => {
  waiting.begun = 0;
  waiting.isInterrupted = false;
});

/** A node whose hold and image live outside the run, as they do in status. */
function nodeState() {
  let hold: Hold | undefined;
  const commands: string[] = [];
  const activities: Partial<NodeActivities> = {
    steer: async ({ command }) => {
      commands.push(command.kind);
      if (command.kind === 'pause') {
        hold = { reason: command.reason, actor: command.actor, since: '2026-01-01T00:00:00Z' };
      }
      if (command.kind === 'resume') hold = undefined;
      if (command.kind === 'rollback' && commands.length > 5) {
        return { kind: 'refused', message: 'no image ran before' };
      }
      return { kind: 'done', message: `${command.kind} by ${command.actor}` };
    },
    beginUpdate: async () =>
      hold === undefined ? BEGUN : { kind: 'not-due', due: { kind: 'held', hold } },
  };
  return { activities, commands, isHeld: () => hold !== undefined };
}

const it = workflowTest.extend(
  'startSteered',
  ({ start }) =>
    async (overrides: Partial<NodeActivities> = {}) => {
      const state = nodeState();
      const started = await start({ ...state.activities, ...overrides });
      return { ...started, state };
    },
);

/** Ways to bring a run into a state in which it waits. */
const WAITING_STATES: Readonly<
  Record<string, { readonly step: string; readonly activities: () => Partial<NodeActivities> }>
> = {
  'apply-statefulset in a retry back-off': {
    step: 'apply-statefulset',
    activities: () => ({
      applyStatefulSet: failingUntilInterrupted(() => ({
        kind: 'applied',
        statefulSet: { uid: 'sts-uid', generation: 2 },
      })),
    }),
  },
  'replace-pod': {
    step: 'replace-pod',
    activities: () => ({
      replacePod: waitingOnce(async () => ({ kind: 'replaced', pods: ['n0-0'] })),
    }),
  },
  'observe-image': {
    step: 'observe-image',
    activities: () => ({
      observeImage: waitingOnce(async (input: AttemptInput) => ({
        kind: 'complete',
        pod: podRunning(input),
      })),
    }),
  },
  'mark-ready': {
    step: 'mark-ready',
    activities: () => ({ markReady: waitingOnce(async () => ({ kind: 'ready' })) }),
  },
  parked: {
    step: 'parked',
    activities: () => {
      let applies = 0;
      return {
        applyStatefulSet: async () => {
          applies += 1;
          waiting.begun += 1;
          if (applies > 1) {
            return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 2 } };
          }
          throw ApplicationFailure.nonRetryable('theirs', FailureType.ForeignOwner);
        },
      };
    },
  },
};

/** How many of the activities that wait or fail have begun in this test, and whether that is over. */
const waiting = { begun: 0, isInterrupted: false };

/** Waits the first time until it is cancelled, as for something that never happens. */
function waitingOnce<Input, Result>(then: (input: Input) => Promise<Result>) {
  let calls = 0;
  return async (input: Input): Promise<Result> => {
    calls += 1;
    waiting.begun += 1;
    return calls === 1 ? waitsUntilCancelled() : then(input);
  };
}

/** Fails in a way that is retried, until the run has been interrupted. */
function failingUntilInterrupted<Result>(then: () => Result) {
  return async (): Promise<Result> => {
    waiting.begun += 1;
    if (!waiting.isInterrupted) throw new Error('the API server is down');
    return then();
  };
}

async function waitIn(
  harness: WorkflowHarness,
  step: string,
): Promise<WorkflowHandleWithSignaledRunId> {
  const run = await harness.observe('nodeUpdate');
  await eventually(`the run is at ${step}`, async () => (await harness.progress()).step === step);
  // The activity has begun, and not merely been scheduled: only then it waits, or fails.
  await eventually('the step has begun', () => waiting.begun > 0);
  return run;
}

describe.each(Object.entries(WAITING_STATES))(
  'a run that waits in %s',
  (_, { step, activities }) => {
    it('stops at pause, stays open, and completes after resume', async ({ startSteered }) => {
      const { fakes, harness, state } = await startSteered(activities());
      const run = await waitIn(harness, step);
      const answer = await run.executeUpdate<string, [object]>('pause', {
        args: [{ reason: 'maintenance', actor: 'kim' }],
      });
      expect(answer).toBe('pause by kim');
      await eventually('it is held', async () => (await harness.progress()).step === 'held');
      const held = fakes.calls.length;
      await harness.observe('nodeUpdate', { cause: 'resync' });
      expect((await harness.progress()).waitingFor).toContain('held by kim (maintenance)');
      expect(fakes.calls).toHaveLength(held);
      waiting.isInterrupted = true;
      await run.executeUpdate<string, [object]>('resume', { args: [{ actor: 'kim' }] });
      await run.result();
      expect(state.commands).toEqual(['pause', 'resume']);
      expect(fakes.countOf('finishUpdate')).toBe(1);
    });

    it('tries again at retry, and completes', async ({ startSteered }) => {
      const { fakes, harness, state } = await startSteered(activities());
      const run = await waitIn(harness, step);
      await run.signal('retry');
      waiting.isInterrupted = true;
      await run.result();
      expect(fakes.countOf('finishUpdate')).toBe(1);
      expect(state.commands).toEqual(['retry']);
    });

    it('takes a rollback, and goes on with the new target', async ({ startSteered }) => {
      const { fakes, harness, state } = await startSteered(activities());
      const run = await waitIn(harness, step);
      await run.executeUpdate<string, [object]>('rollback', { args: [{ actor: 'kim' }] });
      waiting.isInterrupted = true;
      await run.result();
      expect(state.commands).toEqual(['rollback']);
      expect(fakes.countOf('finishUpdate')).toBe(1);
    });
  },
);

describe('steering', () => {
  it('takes signals without a payload, as the Web UI may send them', async ({ startSteered }) => {
    const { harness, state } = await startSteered({
      observeImage: waitingOnce(async (input) => ({ kind: 'complete', pod: podRunning(input) })),
    });
    const run = await waitIn(harness, 'observe-image');
    await run.signal('pause');
    await eventually('it is held', async () => (await harness.progress()).held);
    expect(state.isHeld()).toBe(true);
    await run.signal('resume');
    await run.result();
  });

  it('lets the pod of a held update through in the same run, and goes on under the same plan', async ({
    startSteered,
  }) => {
    const plans = new Set<string>();
    const { fakes, harness, state } = await startSteered({
      beginUpdate: async ({ planId }) => {
        plans.add(planId);
        return state.isHeld() ? { kind: 'not-due', due: SERVING_DUE } : BEGUN;
      },
      beginSync: async () => SERVING,
      observeImage: async (input) =>
        fakes.countOf('observeImage') < 3
          ? waitsUntilCancelled()
          : { kind: 'complete', pod: podRunning(input) },
    });
    const run = await harness.observe('nodeUpdate');
    await eventually('the update waits', () => fakes.countOf('observeImage') === 1);
    await run.executeUpdate('pause');
    await eventually('the pod is let through', () => fakes.countOf('observeImage') === 2);
    const during = await harness.progress();
    expect([during.held, during.heldBy]).toEqual([true, `kim (r) since ${HOLD.since}`]);
    await run.executeUpdate('resume');
    await run.result();
    expect(await run.describe()).toMatchObject({
      runId: run.signaledRunId,
      status: { name: 'COMPLETED' },
    });
    const after = await harness.progress();
    expect([after.held, after.heldBy]).toEqual([false, undefined]);
    expect(plans.size).toBe(1);
  });

  it('answers a resume without a hold from a live read', async ({ startSteered }) => {
    const { harness, state } = await startSteered({
      observeImage: waitingOnce(() => waitsUntilCancelled()),
    });
    const run = await waitIn(harness, 'observe-image');
    await run.executeUpdate('pause');
    await run.executeUpdate('resume');
    await eventually(
      'it waits again',
      async () => (await harness.progress()).step === 'observe-image',
    );
    expect(await run.executeUpdate('resume')).toBe('resume by unknown');
    expect(state.commands).toEqual(['pause', 'resume', 'resume']);
    await run.terminate();
  });

  it('holds a node without an open run by the signal that starts one', async ({ startSteered }) => {
    const { harness, state } = await startSteered({
      beginSync: async () =>
        state.isHeld()
          ? {
              kind: 'not-due',
              due: {
                kind: 'held',
                hold: { reason: 'r', actor: 'a', since: '2026-01-01T00:00:00Z' },
              },
            }
          : { kind: 'not-due', due: NOTHING_DUE },
    });
    const run = await harness.signalWithStart('nodeSync', 'pause', { actor: 'kim' });
    await eventually('it is held', async () => (await harness.progress()).step === 'held');
    await run.signal('resume', { actor: 'kim' });
    await run.result();
    expect(state.commands).toEqual(['pause', 'resume']);
  });

  it('lets a held node be deleted', async ({ startSteered }) => {
    let isDeleted = false;
    const { fakes, harness, state } = await startSteered({
      observeImage: waitingOnce(() => waitsUntilCancelled()),
      decideDueWork: async () => ({ kind: 'nodeDelete' }),
      beginUpdate: async (): Promise<Awaited<ReturnType<NodeActivities['beginUpdate']>>> => {
        if (isDeleted) return { kind: 'not-due', due: { kind: 'nodeDelete' } };
        const hold = { reason: 'r', actor: 'a', since: '2026-01-01T00:00:00Z' };
        const due: DueWork = { kind: 'held', hold };
        return state.isHeld() ? { kind: 'not-due', due } : BEGUN;
      },
    });
    const run = await waitIn(harness, 'observe-image');
    await run.executeUpdate('pause');
    isDeleted = true;
    await harness.observe('nodeDelete', { generation: 3 });
    await run.result();
    expect(fakes.calls.at(-1)).toBe('removeFinalizer');
  });

  it('stops safely when the run is cancelled in Temporal, and holds the node', async ({
    startSteered,
  }) => {
    const { fakes, harness, state } = await startSteered({
      observeImage: waitingOnce(() => waitsUntilCancelled()),
    });
    const run = await waitIn(harness, 'observe-image');
    await run.cancel();
    await expect(run.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    expect(state.commands).toEqual(['pause']);
    expect(fakes.calls.at(-1)).toBe('steer');
  });
});

describe('a write that the API server refuses', () => {
  it('stalls the update under the same plan, which goes on once it is admitted', async ({
    startSteered,
  }) => {
    const stalls: unknown[] = [];
    const plans = new Set<string>();
    let applies = 0;
    const { fakes, harness } = await startSteered({
      beginUpdate: async ({ planId }) => {
        plans.add(planId);
        return BEGUN;
      },
      applyStatefulSet: async () => {
        applies += 1;
        if (applies > 2) {
          return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: 2 } };
        }
        throw ApplicationFailure.nonRetryable('exceeded quota: pods', FailureType.Refused);
      },
      recordStall: async ({ trouble }) => void stalls.push(trouble),
    });
    const run = await harness.observe('nodeUpdate');
    await eventually('the run parks', async () => (await harness.progress()).step === 'parked');
    await run.signal('retry');
    await run.result();
    expect(stalls[0]).toEqual({ reason: 'Refused', message: 'exceeded quota: pods' });
    expect(plans.size).toBe(1);
    expect(fakes.countOf('failUpdate')).toBe(0);
  });
});
