import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import { FailureType } from '../../domain/failure/failure-type.ts';
import type { NodeRef } from '../../domain/node/node-ref.ts';
import type { DueWork, WorkKind } from '../../domain/work/due-work.ts';
import { identified } from '../support/identified.ts';
import {
  BEGUN,
  fakeActivities,
  NOTHING_DUE,
  SYNC_DUE,
} from '../support/workflow/fake-activities.ts';
import { untilCancelled } from '../support/workflow/simulation/attempt.ts';
import type { Simulation } from '../support/workflow/simulation/simulate.ts';
import { simulate } from '../support/workflow/simulation/simulate.ts';

const HELD: DueWork = {
  kind: 'held',
  hold: { reason: 'r', actor: 'kim', since: '2026-01-01T00:00:00Z' },
};
const FAILED: DueWork = { kind: 'failed', why: 'given up' };
const GONE = { kind: 'gone' } as const;

const simulation = (overrides: Partial<NodeActivities>): Promise<Simulation> =>
  simulate({ activities: fakeActivities(overrides).activities });

describe('a run that nobody tells that its node is gone', () => {
  it.each([
    ['held', HELD],
    ['failed', FAILED],
  ])('looks once an hour by itself while it is %s, and ends', async (step, due) => {
    let isGone = false;
    await using simulated = await simulation({
      beginUpdate: async () => (isGone ? GONE : { kind: 'not-due', due }),
      decideDueWork: async () => (isGone ? GONE : due),
    });
    simulated.observe('nodeUpdate');
    await simulated.advance('1 day');
    expect((await simulated.progress()).step).toBe(step);
    expect(new Set(simulated.calls)).toEqual(new Set(['beginUpdate', 'decideDueWork']));
    expect([simulated.countOf('beginUpdate'), simulated.countOf('decideDueWork')]).toEqual([1, 23]);
    isGone = true;
    await simulated.runToEnd('61 minutes');
    expect(simulated.run.end).toEqual({ kind: 'completed' });
  });

  it.each([
    ['held', HELD],
    ['failed', FAILED],
  ])('takes down one that is being deleted while it is %s', async (step, due) => {
    let isDeleted = false;
    const now = (): DueWork => (isDeleted ? { kind: 'nodeDelete' } : due);
    await using simulated = await simulation({
      beginUpdate: async () => ({ kind: 'not-due', due: now() }),
      decideDueWork: async () => now(),
    });
    simulated.observe('nodeUpdate');
    await simulated.advance('1 minute');
    expect((await simulated.progress()).step).toBe(step);
    isDeleted = true;
    await simulated.runToEnd('61 minutes');
    expect(simulated.calls.at(-1)).toBe('removeFinalizer');
  });

  it('tries again after ten minutes while it is parked, and ends', async () => {
    let isGone = false;
    await using simulated = await simulation({
      beginUpdate: async () => (isGone ? GONE : { ...BEGUN }),
      decideDueWork: async () => GONE,
      applyStatefulSet: async () => {
        throw ApplicationFailure.nonRetryable('no', FailureType.InvalidSpec);
      },
    });
    simulated.observe('nodeUpdate');
    await simulated.advance('1 hour');
    expect((await simulated.progress()).step).toBe('parked');
    isGone = true;
    await simulated.runToEnd('11 minutes');
  });

  it('ends after a pause between rounds that disagree', async () => {
    let isGone = false;
    await using simulated = await simulation({
      beginSync: async () =>
        isGone ? GONE : { ...BEGUN, applies: true, marksReady: false, sidecar: 'ready' },
      decideDueWork: async () => GONE,
      finishSync: async () => ({ kind: 'finished', due: SYNC_DUE }),
    });
    simulated.observe('nodeSync');
    await simulated.advance('3 hours');
    expect((await simulated.progress()).step).toBe('backing-off');
    isGone = true;
    await simulated.runToEnd('11 minutes');
  });
});

describe('a run whose node has made room for another one of its name', () => {
  const later: NodeRef = { namespace: 'default', name: 'n0', uid: 'later' };
  /** All that is still asked about the node that is gone. */
  const READS = ['decideDueWork of node-uid', 'readTarget of node-uid'];
  const throws = (type: FailureType) => async () => {
    throw ApplicationFailure.nonRetryable('no', type);
  };

  const DOING: readonly [string, WorkKind, Partial<NodeActivities>][] = [
    ['waits in a step', 'nodeUpdate', { observeImage: () => untilCancelled() }],
    [
      'waits for the next attempt at a step',
      'nodeSync',
      { applyStatefulSet: () => Promise.reject(new Error('connection refused')) },
    ],
    [
      'waits for a task of the sidecar',
      'nodeInit',
      {
        beginInit: async () => ({
          ...BEGUN,
          tasks: [identified({ type: 'snapshot-restore', retries: 0 })],
        }),
        runSidecarTask: () => untilCancelled(),
      },
    ],
    ['is held', 'nodeUpdate', { beginUpdate: async () => ({ kind: 'not-due', due: HELD }) }],
    ['has given up', 'nodeUpdate', { beginUpdate: async () => ({ kind: 'not-due', due: FAILED }) }],
    ['is parked', 'nodeUpdate', { applyStatefulSet: throws(FailureType.InvalidSpec) }],
    ['is refused', 'nodeUpdate', { applyStatefulSet: throws(FailureType.Refused) }],
    [
      'pauses between rounds that disagree',
      'nodeSync',
      { finishSync: async () => ({ kind: 'finished', due: SYNC_DUE }) },
    ],
    ['is refused the take-down', 'nodeDelete', { deleteStatefulSet: throws(FailureType.Refused) }],
  ];

  it.each(DOING)('does nothing more for its node where it %s', async (_, kind, overrides) => {
    let isReplaced = false;
    const { activities } = fakeActivities(overrides);
    await using simulated = await simulate({
      activities: {
        ...activities,
        beginInit: async (input) =>
          input.node.uid === later.uid
            ? { kind: 'not-due', due: NOTHING_DUE }
            : activities.beginInit(input),
        decideDueWork: async (input) =>
          isReplaced && input.node.uid !== later.uid
            ? { kind: 'gone', successor: later }
            : NOTHING_DUE,
      },
    });
    simulated.observe(kind);
    await simulated.advance('25 minutes');
    const before = simulated.activitiesStarted.length;
    isReplaced = true;
    simulated.observe('nodeInit', { node: later });
    await simulated.runToEnd('1 minute');
    const after = simulated.activitiesStarted.slice(before).map(({ name, input }) => {
      const { node } = input as { readonly node: NodeRef };
      return `${name} of ${node.uid}`;
    });
    const isOfLater = (call: string): boolean => call.endsWith(` of ${later.uid}`);
    const ofEarlier = after.filter((call) => !isOfLater(call) && !READS.includes(call));
    expect(new Set(ofEarlier)).toEqual(new Set());
    expect(after).toContain(`beginInit of ${later.uid}`);
    expect(simulated.runs.map(({ end }) => end.kind)).toEqual(['continued', 'completed']);
  });
});
