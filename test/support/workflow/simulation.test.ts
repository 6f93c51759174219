import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';

import type { NodeActivities } from '../../../activities/contract/activities.ts';
import { FailureType } from '../../../domain/failure/failure-type.ts';
import { fakeActivities, podRunning, UPDATE_DUE, waitsUntilCancelled } from './fake-activities.ts';
import {
  attemptNumber,
  hangs,
  takes,
  untilCancelled,
  waits,
  waitsUntil,
} from './simulation/attempt.ts';
import type { Simulation, SimulationOptions } from './simulation/simulate.ts';
import { simulate } from './simulation/simulate.ts';

function simulation(
  overrides: Partial<NodeActivities> = {},
  options: Partial<SimulationOptions> = {},
): Promise<Simulation> {
  return simulate({ activities: fakeActivities(overrides).activities, ...options });
}

const STRAIGHT = ['replacePod', 'observeImage', 'markReady', 'finishUpdate'];

describe('simulate', () => {
  it('calls the activities of a straight update in the order of a server', async () => {
    await using simulated = await simulation();
    simulated.observe('nodeUpdate');
    await simulated.runToEnd('1 minute');
    expect(simulated.run.end).toEqual({ kind: 'completed' });
    const [begin, one, other, ...rest] = simulated.calls;
    expect(begin).toBe('beginUpdate');
    expect(new Set([one, other])).toEqual(new Set(['applyService', 'applyStatefulSet']));
    expect(rest).toEqual(STRAIGHT);
  });

  it('lets a parked run try again when its time has come', async () => {
    let failures = 0;
    await using simulated = await simulation({
      replacePod: async () => {
        failures += 1;
        if (failures > 3) return { kind: 'replaced', pods: ['n0-0'] };
        throw ApplicationFailure.nonRetryable('a bug', 'Unexpected');
      },
    });
    simulated.observe('nodeUpdate');
    await simulated.runToEnd('1 hour');
    const begun = simulated.activitiesStarted.filter(({ name }) => name === 'beginUpdate');
    const pauses = begun.map(({ at }, index) => at - (begun[index - 1]?.at ?? at));
    // The first retry is immediate, the second comes after 30 s, the third after a minute.
    expect(pauses.map((pause) => Math.floor(pause / 1_000))).toEqual([0, 0, 30, 60]);
  });

  it('continues a run as new, under the same id, once its history is long', async () => {
    await using simulated = await simulation(
      { observeImage: () => untilCancelled() },
      { suggestedEvents: 10_000 },
    );
    simulated.observe('nodeUpdate');
    await simulated.advance('1 minute');
    for (let told = 0; told < 5_000 && simulated.runs.length < 2; told += 1) {
      simulated.observe('nodeUpdate', { cause: 'resync' });
      await simulated.advance('1 second');
    }
    expect(simulated.runs.map(({ end }) => end.kind)).toEqual(['continued', 'open']);
    expect(simulated.runs[0]?.events).toBeGreaterThan(10_000);
    expect(simulated.runs[0]?.events).toBeLessThan(10_050);
    expect(new Set(simulated.runs.map(({ identity }) => identity.workflowId)).size).toBe(1);
    await simulated.advance('1 minute');
    expect(simulated.calls.at(-1)).toBe('observeImage');
  });

  it('retries as the retry policy says, in virtual time', async () => {
    const attempts: number[] = [];
    await using simulated = await simulation({
      replacePod: async () => {
        attempts.push(attemptNumber());
        if (attempts.length < 10) throw new Error('connection refused');
        return { kind: 'replaced', pods: ['n0-0'] };
      },
    });
    simulated.observe('nodeUpdate');
    await simulated.runToEnd('1 hour');
    expect(attempts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    // 0.2 + 0.4 + … + 12.8 s, then the cap of 15 s twice.
    expect(Math.floor(simulated.elapsed / 1_000)).toBe(55);
  });

  it('gives a step of a node that is held back a minute to heartbeat', async () => {
    let calls = 0;
    await using simulated = await simulation({
      observeImage: async (input) => {
        calls += 1;
        const trouble = { reason: 'ImagePullBackOff', message: 'no such image' } as const;
        if (calls === 1) return { kind: 'blocked', trouble };
        return calls === 2 ? hangs() : { kind: 'complete', pod: podRunning(input) };
      },
    });
    simulated.observe('nodeUpdate');
    await simulated.runToEnd('1 day');
    expect(calls).toBe(3);
    expect(Math.floor(simulated.elapsed / 1_000)).toBe(60);
  });

  it.each([
    ['heartbeat', 'observeImage', 15],
    ['start-to-close', 'replacePod', 15],
    ['start-to-close of one without heartbeats', 'applyService', 60],
  ] as const)('ends an attempt that hangs by its %s time-out', async (_, name, seconds) => {
    let hung = false;
    const real = fakeActivities().activities[name] as (input: unknown) => Promise<unknown>;
    await using simulated = await simulation({
      [name]: (input: unknown) => {
        if (hung) return real(input);
        hung = true;
        return hangs();
      },
    });
    simulated.observe('nodeUpdate');
    await simulated.runToEnd('1 day');
    expect(simulated.countOf(name)).toBe(2);
    expect(Math.floor(simulated.elapsed / 1_000)).toBe(seconds);
    expect(simulated.run.end).toEqual({ kind: 'completed' });
  });

  it.each([
    ['its own kind of wait', () => untilCancelled()],
    ['the wait of the SDK', () => waitsUntilCancelled()],
    ['a wait of a day', async () => waits('1 day').then(() => untilCancelled())],
  ])('cancels an activity in %s, and awaits its end', async (_, wait) => {
    let generation = 2;
    await using simulated = await simulation({
      beginUpdate: async () => ({
        kind: 'begun',
        generation,
        target: { image: `sei:v${generation}`, sidecarImage: 'seictl:v1', replicas: 1 },
        previousImage: 'sei:v1',
        policy: { deadlineSeconds: 600, autoRollback: false },
      }),
      readTarget: async () => ({
        generation,
        target: { image: `sei:v${generation}`, sidecarImage: 'seictl:v1', replicas: 1 },
      }),
      observeImage: async (input) =>
        generation === 2 ? wait() : { kind: 'complete', pod: podRunning(input) },
    });
    simulated.observe('nodeUpdate');
    await simulated.advance('5 minutes');
    expect(simulated.run.openActivities.map(({ name }) => name)).toEqual(['observeImage']);
    generation = 3;
    simulated.observe('nodeUpdate', { generation });
    await simulated.runToEnd('1 minute');
    expect(simulated.countOf('beginUpdate')).toBe(2);
    expect(simulated.run.end).toEqual({ kind: 'completed' });
  });

  it('answers updates, refuses what a validator refuses, and answers queries', async () => {
    await using simulated = await simulation({ observeImage: () => untilCancelled() });
    simulated.observe('nodeUpdate');
    await simulated.advance('1 minute');
    const before = simulated.events;
    const pause = simulated.update('pause', { reason: 'look', actor: 'anna' });
    await simulated.advance('1 minute');
    expect(pause.state).toEqual({ kind: 'completed', result: 'pause' });
    expect(simulated.events).toBeGreaterThan(before);
    expect(await simulated.progress()).toMatchObject({ node: simulated.node });

    const refused = simulated.update('pause', 'no object');
    const quiet = simulated.events;
    await simulated.advance(0);
    expect(refused.state).toMatchObject({ kind: 'refused' });
    expect(simulated.events).toBe(quiet);
  });

  it('sends messages at a moment of virtual time, and lets activities wait for what they cause', async () => {
    let isMended = false;
    await using simulated = await simulation({
      observeImage: async (input) => {
        await waitsUntil(() => isMended);
        return { kind: 'complete', pod: podRunning(input) };
      },
    });
    simulated.after('2 hours', () => {
      isMended = true;
    });
    simulated.observe('nodeUpdate');
    await simulated.runUntil(({ isOpen }) => !isOpen, '3 hours');
    expect(Math.floor(simulated.elapsed / 3_600_000)).toBe(2);
    await expect(simulated.runUntil(() => false, '1 minute')).rejects.toThrow(/not reached after/);
  });

  it('throws when a workflow task fails, and keeps the failure', async () => {
    await using simulated = await simulation();
    simulated.start('noSuchWorkflow');
    await expect(simulated.advance('1 second')).rejects.toThrow(/noSuchWorkflow/);
    expect(simulated.workflowTaskFailures).toHaveLength(1);
    expect(simulated.run.end.kind).toBe('wedged');
  });

  it('throws when a run spins', async () => {
    await using simulated = await simulation(
      {
        finishUpdate: async () => {
          await takes('20 milliseconds');
          return { kind: 'finished', due: UPDATE_DUE };
        },
      },
      { activityLimit: 500 },
    );
    simulated.observe('nodeUpdate');
    await expect(simulated.advance('1 day')).rejects.toThrow(/more than 500 activities/);
  });

  it('lets a day of waiting pass in moments', async () => {
    await using simulated = await simulation({
      replacePod: async () => {
        throw ApplicationFailure.nonRetryable('too many pods', FailureType.TooManyReplicas);
      },
    });
    simulated.observe('nodeUpdate');
    const begun = performance.now();
    await simulated.advance('1 day');
    expect(performance.now() - begun).toBeLessThan(20_000);
    expect(simulated.isOpen).toBe(true);
    // The run tries on its own every ten minutes.
    expect(simulated.countOf('replacePod')).toBe(24 * 6);
  });
});
