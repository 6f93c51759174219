import { describe, expect, it } from 'vitest';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import type { ProgressChecked } from '../../activities/contract/bookkeeping.ts';
import { identified } from '../support/identified.ts';
import { BEGUN, fakeActivities, podRunning, TARGET } from '../support/workflow/fake-activities.ts';
import {
  hangs,
  takes,
  untilCancelled,
  waits,
  waitsUntil,
} from '../support/workflow/simulation/attempt.ts';
import type { Simulation } from '../support/workflow/simulation/simulate.ts';
import { simulate } from '../support/workflow/simulation/simulate.ts';

const POLICY = { deadlineSeconds: 60, autoRollback: true };
const BEGUN_LATE = { ...BEGUN, policy: POLICY };
const CHECKED: ProgressChecked = {
  kind: 'checked',
  stage: 2,
  policy: POLICY,
  notRolledBack: undefined,
};

function simulation(overrides: Partial<NodeActivities>): Promise<Simulation> {
  return simulate({
    activities: fakeActivities({
      beginUpdate: async () => BEGUN_LATE,
      checkProgress: async () => CHECKED,
      observeImage: () => untilCancelled(),
      ...overrides,
    }).activities,
  });
}

const inputs = <Name extends keyof NodeActivities>(simulated: Simulation, name: Name) =>
  simulated.activitiesStarted
    .filter((started) => started.name === name)
    .map(({ input, at }) => ({ at, input: input as Parameters<NodeActivities[Name]>[0] }));
const steered = (simulated: Simulation) =>
  inputs(simulated, 'steer').map(({ input }) => `${input.command.kind} by ${input.by}`);
const said = (simulated: Simulation) =>
  inputs(simulated, 'recordStall').map(({ input }) => input.exceeded?.message);

describe('a progress deadline', () => {
  it('rolls back once, however late the rollback is itself', async () => {
    let target = TARGET;
    await using simulated = await simulation({
      beginUpdate: async () => ({ ...BEGUN_LATE, target }),
      steer: async () => {
        target = { ...TARGET, image: 'sei:v1' };
        return { kind: 'done', message: 'rolled back' };
      },
      checkProgress: async () => ({
        ...CHECKED,
        notRolledBack: target === TARGET ? undefined : 'this is the rollback already',
      }),
    });
    simulated.observe('nodeUpdate');
    await simulated.advance('1 day');
    expect(steered(simulated)).toEqual(['rollback by deadline']);
    expect(said(simulated).at(-1)).toMatch(/sei:v1 .*does nothing: this is the rollback already/);
    expect(simulated.calls.length).toBeLessThan(40);
    expect(simulated.run.openActivities.map(({ name }) => name)).toEqual(['observeImage']);
  });

  it('asks once for a rollback that is refused, says why, and completes when the cause is mended', async () => {
    let isMended = false;
    await using simulated = await simulation({
      steer: async () => ({ kind: 'refused', message: 'no other image has worked' }),
      observeImage: async (input) => {
        while (!isMended) await waits('1 second');
        return { kind: 'complete', pod: podRunning(input) };
      },
    });
    simulated.observe('nodeUpdate');
    await simulated.advance('1 hour');
    expect(steered(simulated)).toEqual(['rollback by deadline']);
    expect(said(simulated).at(-1)).toContain('does nothing: no other image has worked');
    isMended = true;
    await simulated.runToEnd('1 minute');
    expect(simulated.countOf('finishUpdate')).toBe(1);
  });

  it('lets an update complete that does so in its last moment, and rolls nothing back', async () => {
    await using simulated = await simulation({
      observeImage: async (input) => ({ kind: 'complete', pod: podRunning(input) }),
      // It ends well although it is asked to end.
      markReady: async () => {
        await takes('75 seconds');
        return { kind: 'ready' };
      },
    });
    simulated.observe('nodeUpdate');
    await simulated.runToEnd('5 minutes');
    expect(steered(simulated)).toEqual([]);
    expect(simulated.countOf('finishUpdate')).toBe(1);
  });

  it('does not count the time in which the API server does not answer', async () => {
    let isDown = true;
    await using simulated = await simulation({
      checkProgress: async () => {
        if (isDown) throw new Error('connection refused');
        return CHECKED;
      },
    });
    simulated.observe('nodeUpdate');
    await simulated.advance('1 hour');
    expect(said(simulated)).toEqual([]);
    isDown = false;
    await simulated.advance('30 seconds');
    expect(steered(simulated)).toEqual([]);
    await simulated.advance('1 minute');
    expect(steered(simulated)).toEqual(['rollback by deadline']);
  });

  it.each([
    ['nodeUpdate', 'finishUpdate'],
    ['nodeInit', 'finishInit'],
    ['nodeSync', 'finishSync'],
  ] as const)(
    'does not count for a %s the time in which no worker is there, which is longer than it',
    async (kind, finish) => {
      let isMended = false;
      await using simulated = await simulation({
        beginInit: async () => ({ ...BEGUN_LATE, tasks: [] }),
        beginSync: async () =>
          ({ ...BEGUN_LATE, applies: true, marksReady: true, sidecar: undefined }) as const,
        observeImage: async (input) => {
          await waitsUntil(() => isMended);
          return { kind: 'complete', pod: podRunning(input) };
        },
      });
      simulated.observe(kind);
      await simulated.advance('20 seconds');
      await simulated.standStill('1 hour');
      await simulated.advance('10 seconds');
      expect([said(simulated), steered(simulated)]).toEqual([[], []]);
      isMended = true;
      await simulated.runToEnd('5 seconds');
      expect(simulated.countOf(finish)).toBe(1);
    },
  );

  it('counts on after a time in which no worker was there', async () => {
    await using simulated = await simulation({});
    simulated.observe('nodeUpdate');
    await simulated.advance('20 seconds');
    await simulated.standStill('1 hour');
    await simulated.advance('1 minute');
    expect(steered(simulated)).toEqual(['rollback by deadline']);
  });

  it('counts from the last progress of the pod, and not from a repetition', async () => {
    let stage = 0;
    await using simulated = await simulation({
      checkProgress: async () => ({ ...CHECKED, stage }),
    });
    simulated.observe('nodeUpdate');
    for (stage = 1; stage <= 5; stage += 1) await simulated.advance('50 seconds');
    expect(said(simulated)).toEqual([]);
    // A pod that is made again has all of its way before it, and has come as far before.
    for (let again = 0; again < 5; again += 1) {
      stage = again % 2;
      await simulated.advance('50 seconds');
    }
    expect(steered(simulated).length).toBeGreaterThan(0);
  });

  it.each([
    ['a longer deadline', { deadlineSeconds: 3_600, autoRollback: true }],
    ['no rollback', { deadlineSeconds: 60, autoRollback: false }],
  ])('takes %s at once, from a spec of the same target', async (_, policy) => {
    await using simulated = await simulation({
      checkProgress: async () => ({ ...CHECKED, policy }),
    });
    simulated.observe('nodeUpdate');
    await simulated.advance('30 minutes');
    expect(steered(simulated)).toEqual([]);
  });

  it('takes a shorter deadline at once, too', async () => {
    let policy = { deadlineSeconds: 3_600, autoRollback: false };
    let generation = 2;
    await using simulated = await simulation({
      beginUpdate: async () => ({ ...BEGUN, policy }),
      checkProgress: async () => ({ ...CHECKED, stage: 0, policy }),
      readTarget: async () => ({ generation, target: TARGET }),
    });
    simulated.observe('nodeUpdate');
    await simulated.advance('2 minutes');
    generation = 3;
    policy = { deadlineSeconds: 60, autoRollback: false };
    simulated.observe('nodeUpdate', { generation });
    await simulated.advance('5 seconds');
    expect(said(simulated)).toHaveLength(1);
  });

  it.each([
    ['nodeInit', { beginInit: async () => ({ ...BEGUN_LATE, tasks: [] }) }],
    [
      'nodeSync',
      {
        beginSync: async () =>
          ({ ...BEGUN_LATE, applies: true, marksReady: true, sidecar: undefined }) as const,
      },
    ],
  ] as const)('stalls a late %s, and rolls nothing back', async (kind, activities) => {
    await using simulated = await simulation(activities);
    simulated.observe(kind);
    await simulated.advance('1 hour');
    expect(said(simulated)).toHaveLength(1);
    expect(steered(simulated)).toEqual([]);
  });

  it('does not count the time in which a pod ends within its grace, and counts from its end', async () => {
    let isPodInGrace = true;
    await using simulated = await simulation({
      checkProgress: async () => ({ ...CHECKED, stage: 0, isPodInGrace }),
    });
    simulated.observe('nodeUpdate');
    await simulated.advance('1 hour');
    expect([said(simulated), steered(simulated)]).toEqual([[], []]);
    isPodInGrace = false;
    // The look that finds it over comes within ten minutes, and the deadline is one more.
    await simulated.advance('11 minutes');
    expect(steered(simulated)).toEqual(['rollback by deadline']);
    const looks = inputs(simulated, 'checkProgress').map(({ at }) => at);
    const [before = 0, last = 0] = [looks.at(-5), looks.at(-1)];
    expect(Math.round((last - before) / 1_000)).toBe(60);
  });

  it('takes back what it said before the pod was asked to end', async () => {
    let isPodInGrace = false;
    const policy = { ...POLICY, autoRollback: false };
    await using simulated = await simulation({
      beginUpdate: async () => ({ ...BEGUN, policy }),
      checkProgress: async () => ({ ...CHECKED, stage: 0, isPodInGrace, policy }),
      replacePod: async () => {
        await waits('2 minutes');
        isPodInGrace = true;
        return { kind: 'replaced', pods: ['n0-0'] };
      },
    });
    simulated.observe('nodeUpdate');
    await simulated.advance('1 hour');
    expect(said(simulated)).toEqual([expect.stringContaining('no progress'), undefined]);
  });

  it('looks so seldom at a pod with a grace of a week that the history holds it', async () => {
    const policy = { deadlineSeconds: 1, autoRollback: true };
    await using simulated = await simulation({
      beginUpdate: async () => ({ ...BEGUN, policy }),
      checkProgress: async () => ({ ...CHECKED, stage: 0, isPodInGrace: true, policy }),
    });
    simulated.observe('nodeUpdate');
    await simulated.advance('7 days');
    expect(simulated.countOf('checkProgress')).toBeLessThan(1_100);
    expect(said(simulated)).toEqual([]);
  });

  it('leaves tasks of the sidecar their time', async () => {
    await using simulated = await simulation({
      beginInit: async () => ({
        ...BEGUN_LATE,
        tasks: [identified({ type: 'snapshot-restore', retries: 0 })],
      }),
      observeImage: async (input) => ({ kind: 'complete', pod: podRunning(input) }),
      runSidecarTask: () => hangs(),
    });
    simulated.observe('nodeInit');
    await simulated.advance('5 hours');
    expect(said(simulated)).toEqual([]);
  });
});
