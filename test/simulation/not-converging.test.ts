import { describe, expect, it } from 'vitest';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import type { DueWork, WorkKind } from '../../domain/work/due-work.ts';
import {
  BEGUN,
  fakeActivities,
  HELD,
  NOTHING_DUE,
  SERVING,
  SERVING_DUE,
  TARGET,
  UPDATE_DUE,
} from '../support/workflow/fake-activities.ts';
import type { Simulation } from '../support/workflow/simulation/simulate.ts';
import { simulate } from '../support/workflow/simulation/simulate.ts';

const SYNC_DUE: DueWork = {
  kind: 'nodeSync',
  needs: [{ kind: 'missing', object: 'Service' }],
};

const simulation = (overrides: Partial<NodeActivities>): Promise<Simulation> =>
  simulate({ activities: fakeActivities(overrides).activities });

function said(simulated: Simulation) {
  return simulated.activitiesStarted
    .filter(({ name }) => name === 'recordStall')
    .map(({ input }) => (input as Parameters<NodeActivities['recordStall']>[0]).trouble);
}

/** When each round began, in whole seconds. */
function rounds(simulated: Simulation): readonly number[] {
  return simulated.activitiesStarted
    .filter(({ name }) => name.startsWith('begin'))
    .map(({ at }) => Math.floor(at / 1_000));
}

const DISAGREEMENTS: readonly [string, WorkKind, Partial<NodeActivities>, RegExp][] = [
  [
    'finds the same work due right after it was done',
    'nodeSync',
    { finishSync: async () => ({ kind: 'finished', due: SYNC_DUE }) },
    /^nodeSync is due again right after it was done \(.*Service.*\): settings of watcher and worker differ/,
  ],
  [
    'is superseded though spec stays the same',
    'nodeUpdate',
    { applyStatefulSet: async () => ({ kind: 'superseded' }) },
    /^nodeUpdate is superseded again and again although spec stays the same/,
  ],
  [
    'finds two kinds of work due by turns',
    'nodeUpdate',
    {
      beginUpdate: async () => ({ kind: 'not-due', due: SYNC_DUE }),
      beginSync: async () => ({ kind: 'not-due', due: UPDATE_DUE }),
    },
    /^node\w+ and node\w+ are due by turns/,
  ],
  [
    'loses the pod again and again',
    'nodeUpdate',
    { markReady: async () => ({ kind: 'pod-lost' }) },
    /^pod .* was lost \d+ times before its sidecar was ready/,
  ],
  [
    'has a sidecar that completes mark-ready and stays closed',
    'nodeUpdate',
    { markReady: async () => ({ kind: 'forgotten' }) },
    /mark-ready, and its healthz does not answer 200/,
  ],
  [
    'never gets to apply',
    'nodeSync',
    { applyStatefulSet: async () => ({ kind: 'again' }) },
    /^apply-statefulset of \S+ has taken \d+ passes: something keeps making StatefulSets of its name/,
  ],
  [
    'loses the key to another node before each apply',
    'nodeSync',
    {
      applyStatefulSet: async () => ({ kind: 'mounts-in-use' }),
      awaitMounts: async () => ({ kind: 'free' }),
    },
    /^apply-statefulset of \S+ has taken \d+ passes: other nodes keep taking what its pod mounts/,
  ],
];

describe('a run that makes no progress', () => {
  it.each(DISAGREEMENTS)('slows down and says why where it %s', async (_, kind, acts, why) => {
    await using simulated = await simulation(acts);
    simulated.observe(kind);
    await simulated.advance('1 hour');
    expect(simulated.activitiesStarted.length).toBeLessThan(150);
    const troubles = said(simulated).filter((trouble) => trouble !== undefined);
    expect(new Set(troubles.map(({ reason }) => reason))).toEqual(new Set(['NotConverging']));
    expect(troubles.at(-1)?.message).toMatch(why);
  });

  it('repeats once at once, then after 10 seconds, doubling', async () => {
    await using simulated = await simulation({
      finishSync: async () => ({ kind: 'finished', due: SYNC_DUE }),
    });
    simulated.observe('nodeSync');
    await simulated.advance('4 minutes');
    expect(rounds(simulated)).toEqual([0, 0, 10, 30, 70, 150]);
  });

  it.each<[string, (simulated: Simulation) => void]>([
    ['somebody sends retry', (simulated) => simulated.signal('retry', {})],
    ['the watcher has news', (simulated) => simulated.observe('nodeSync', { why: 'another' })],
  ])('goes on at once when %s', async (_, happens) => {
    await using simulated = await simulation({
      finishSync: async () => ({ kind: 'finished', due: SYNC_DUE }),
    });
    simulated.observe('nodeSync');
    await simulated.advance('2 hours');
    const before = rounds(simulated).length;
    happens(simulated);
    await simulated.advance('5 seconds');
    const soon = rounds(simulated).length - before;
    expect(soon).toBeGreaterThan(1);
    expect(soon).toBeLessThan(4);
  });

  it('is not hurried by a watcher that tells the same over and over', async () => {
    await using simulated = await simulation({
      finishSync: async () => ({ kind: 'finished', due: SYNC_DUE }),
    });
    for (let second = 0; second < 3_600; second += 1) {
      simulated.observe(second % 2 === 0 ? 'nodeSync' : 'nodeUpdate', { why: 'drifted' });
      await simulated.advance('1 second');
    }
    expect(rounds(simulated).length).toBeLessThan(20);
  });

  it('takes a newer spec at once, and one that is only told of for what it is', async () => {
    let generation = 2;
    await using simulated = await simulation({
      beginSync: async () =>
        ({ ...BEGUN, generation, applies: true, marksReady: false, sidecar: 'ready' }) as const,
      finishSync: async () => ({ kind: 'finished', due: SYNC_DUE }),
      readTarget: async () => ({ generation, target: TARGET }),
    });
    simulated.observe('nodeSync');
    await simulated.advance('2 hours');
    let before = rounds(simulated).length;
    simulated.observe('nodeSync', { generation: 1e9 });
    await simulated.advance('5 seconds');
    expect(rounds(simulated)).toHaveLength(before);
    before = rounds(simulated).length;
    generation = 3;
    simulated.observe('nodeSync', { generation });
    await simulated.advance('5 seconds');
    expect(rounds(simulated).length).toBeGreaterThan(before);
  });
});

describe('a run that the watcher starts for what runs before it have done or found not to be due', () => {
  const watched = { why: 'record that the sidecar is unreachable', cause: 'resync' } as const;

  it('waits before it looks, says what the watcher holds due, and closes when nothing is', async () => {
    await using simulated = await simulation({
      beginSync: async () => ({ kind: 'not-due', due: NOTHING_DUE }),
    });
    simulated.observe('nodeSync', { ...watched, runs: 8 });
    await simulated.advance('1 minute');
    expect(rounds(simulated)).toEqual([]);
    expect(said(simulated)[0]).toMatchObject({
      reason: 'NotConverging',
      message: expect.stringMatching(
        /^the watcher holds nodeSync due \(record that the sidecar is unreachable\), and 8 runs/,
      ) as string,
    });
    simulated.observe('nodeSync', { due: 'nothing' });
    await simulated.runToEnd('5 seconds');
  });

  it('costs a bounded number of runs an hour', async () => {
    await using simulated = await simulation({
      beginSync: async () => ({ kind: 'not-due', due: NOTHING_DUE }),
    });
    let runs = 0;
    for (let minute = 0; minute < 180; minute += 1) {
      if (!simulated.isOpen) runs += 1;
      simulated.observe('nodeSync', { ...watched, runs: runs - 1 });
      await simulated.advance('1 minute');
    }
    // Seven until the pauses are as long as they get, then one in eleven minutes.
    expect(runs).toBeLessThan(30);
  });
});

describe('a held run', () => {
  it('lets each pod through at once that is lost, however often that happens', async () => {
    let isLost = false;
    await using simulated = await simulation({
      beginUpdate: async () => ({
        kind: 'not-due',
        due: isLost ? SERVING_DUE : HELD,
      }),
      beginSync: async () => SERVING,
      markReady: async () => {
        isLost = false;
        return { kind: 'ready' };
      },
      finishSync: async () => ({ kind: 'finished', due: HELD }),
    });
    simulated.observe('nodeUpdate');
    await simulated.advance('1 minute');
    for (let losses = 1; losses <= 12; losses += 1) {
      isLost = true;
      simulated.observe('nodeSync', { why: 'wait for the pod: PodMissing' });
      await simulated.advance('5 seconds');
      expect(simulated.countOf('markReady')).toBe(losses);
      await simulated.advance('3 minutes');
    }
  });
});
