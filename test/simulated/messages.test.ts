import { RawValue } from '@temporalio/common';
import { describe, expect, it } from 'vitest';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import type { NodeRef } from '../../domain/node/node-ref.ts';
import type { SteeringResult } from '../../domain/plan/steering.ts';
import { MOST_COMMANDS } from '../../domain/plan/steering.ts';
import { identified } from '../support/identified.ts';
import {
  BEGUN,
  fakeActivities,
  NOTHING_DUE,
  TARGET,
  UPDATE_DUE,
} from '../support/workflow/fake-activities.ts';
import { takes, untilCancelled } from '../support/workflow/simulation/attempt.ts';
import type { Simulation, SimulationOptions } from '../support/workflow/simulation/simulate.ts';
import { simulate } from '../support/workflow/simulation/simulate.ts';

function simulation(
  overrides: Partial<NodeActivities>,
  options: Partial<SimulationOptions> = {},
): Promise<Simulation> {
  return simulate({ activities: fakeActivities(overrides).activities, ...options });
}

/** An update that waits for its pod. */
async function observing(
  overrides: Partial<NodeActivities> = {},
  options: Partial<SimulationOptions> = {},
): Promise<Simulation> {
  const simulated = await simulation(
    { observeImage: () => untilCancelled(), decideDueWork: async () => UPDATE_DUE, ...overrides },
    options,
  );
  simulated.observe('nodeUpdate');
  await simulated.advance('1 minute');
  expect(simulated.calls.at(-1)).toBe('observeImage');
  return simulated;
}

describe('a message that does not fit', () => {
  const other: NodeRef = { namespace: 'default', name: 'n1', uid: 'other-uid' };

  it.each([
    ['observed without a payload', 'observed', []],
    ['observed of null', 'observed', [null]],
    ['observed of a uid alone', 'observed', [{ node: { uid: 'x' } }]],
    [
      'observed of another node',
      'observed',
      [{ node: other, generation: 9, cause: 'change', due: 'nodeUpdate' }],
    ],
    ['pause of a text', 'pause', ['maintenance']],
    ['rollback of a list', 'rollback', [[1]]],
    ['retry with a reason that is none', 'retry', [{ reason: { a: 1 } }]],
  ])('is ignored with a line in the log: %s', async (_, signal, args) => {
    await using simulated = await observing();
    const before = simulated.calls.length;
    simulated.signal(signal, ...args);
    await simulated.advance('1 hour');
    expect(simulated.calls).toHaveLength(before);
    expect(simulated.runs).toHaveLength(1);
    expect(simulated.logs).toEqual([
      expect.objectContaining({ level: 'warn', message: `ignored the signal \`${signal}\`` }),
    ]);
  });

  it('is refused in a sentence where it is an update', async () => {
    await using simulated = await observing();
    const pause = simulated.update('pause', ['maintenance']);
    await simulated.advance(0);
    expect(pause.state).toEqual({
      kind: 'refused',
      message: 'pause takes an object { "reason": "...", "actor": "..." } or nothing',
    });
  });
});

describe('another UID in a message', () => {
  const made = { namespace: 'default', name: 'n0', uid: 'made-up' };

  it('disturbs nothing where a read finds the node', async () => {
    await using simulated = await observing();
    const before = simulated.calls.length;
    for (let sent = 0; sent < 5; sent += 1) simulated.observe('nodeUpdate', { node: made });
    await simulated.advance('1 hour');
    // One look, and one for all that came meanwhile.
    expect(simulated.calls.slice(before)).toEqual(['decideDueWork', 'decideDueWork']);
    expect(simulated.runs).toHaveLength(1);
  });

  it('hands over to the node that a read finds, and never to the one in the message', async () => {
    const live = { namespace: 'default', name: 'n0', uid: 'live' };
    const begun: unknown[] = [];
    await using simulated = await observing({
      decideDueWork: async ({ node }) =>
        node.uid === 'live' ? NOTHING_DUE : { kind: 'gone', successor: live },
      beginInit: async ({ node }) => {
        begun.push(node);
        return { kind: 'not-due', due: NOTHING_DUE };
      },
    });
    simulated.observe('nodeUpdate', { node: made });
    await simulated.runToEnd('1 minute');
    expect(begun).toEqual([live]);
    expect(simulated.runs.map(({ end }) => end.kind)).toEqual(['continued', 'completed']);
  });

  it('is looked into before a run ends that has nothing to do', async () => {
    const live = { namespace: 'default', name: 'n0', uid: 'live' };
    await using simulated: Simulation = await simulation({
      decideDueWork: async ({ node }) => {
        if (node.uid === 'live') return NOTHING_DUE;
        return { kind: 'gone', successor: live };
      },
      finishUpdate: async () => {
        simulated.observe('nodeUpdate', { node: live });
        return { kind: 'finished', due: NOTHING_DUE };
      },
    });
    simulated.observe('nodeUpdate');
    await simulated.runToEnd('1 minute');
    expect(simulated.runs.map(({ end }) => end.kind)).toEqual(['continued', 'completed']);
  });
});

describe('a generation in a message', () => {
  it('does not make a failing task go without its pauses', async () => {
    const failing: Partial<NodeActivities> = {
      beginInit: async () => ({
        ...BEGUN,
        tasks: [identified({ type: 'config-apply', params: {}, retries: 100 })],
      }),
      runSidecarTask: async () => ({ kind: 'task-failed', error: 'no' }),
    };
    async function tasksWithin10Minutes(generation: number | undefined): Promise<number> {
      await using simulated = await simulation(failing);
      simulated.observe('nodeInit');
      await simulated.advance('5 seconds');
      if (generation !== undefined) simulated.observe('nodeInit', { generation });
      await simulated.advance('10 minutes');
      return simulated.countOf('runSidecarTask');
    }
    const honest = await tasksWithin10Minutes(undefined);
    expect(honest).toBeGreaterThan(3);
    expect(await tasksWithin10Minutes(1e9)).toBe(honest);
  });

  it('does not hide a change that comes after it', async () => {
    let generation = 2;
    const target = () => ({ ...TARGET, image: `sei:v${generation}` });
    await using simulated = await observing({
      beginUpdate: async () => ({ ...BEGUN, generation, target: target() }),
      readTarget: async () => ({ generation, target: target() }),
      observeImage: async () => untilCancelled(),
    });
    simulated.observe('nodeUpdate', { generation: 1e9 });
    await simulated.advance('1 minute');
    expect(simulated.countOf('beginUpdate')).toBe(1);
    generation = 3;
    simulated.observe('nodeUpdate', { generation });
    await simulated.advance('1 minute');
    expect(simulated.countOf('beginUpdate')).toBe(2);
  });
});

describe('a start input that does not fit', () => {
  it.each([
    ['none', []],
    ['null', [null]],
    ['no node', [{}]],
    ['another node', [{ node: { namespace: 'default', name: 'n1', uid: 'u' } }]],
    [
      'state that no run hands on',
      [{ node: { namespace: 'default', name: 'n0', uid: 'node-uid' }, parked: 'yes' }],
    ],
  ])('ends the run as failed, and leaves the id free: %s', async (_, input) => {
    await using simulated = await simulation({});
    if (input.length === 0) simulated.startWithoutInput('nodeUpdate');
    else simulated.start('nodeUpdate', ...input);
    const pause = simulated.update('pause');
    await simulated.advance('1 second');
    expect(simulated.run.end).toMatchObject({
      kind: 'failed',
      error: { type: 'InvalidInput', nonRetryable: true },
    });
    expect(pause.state.kind).toBe('refused');
    expect(simulated.calls).toEqual([]);

    simulated.observe('nodeUpdate');
    await simulated.runToEnd('1 minute');
    expect(simulated.run.end).toEqual({ kind: 'completed' });
  });
});

describe('a start input with times that are made up', () => {
  const node = { namespace: 'default', name: 'n0', uid: 'node-uid' };
  const never = 8e15;
  const pace = {
    generation: 2,
    kinds: ['nodeUpdate'],
    repeats: 9,
    turns: 0,
    lastAtMs: never,
    told: [],
    flips: { count: 9, lastAtMs: never },
  };
  const failure = { step: 'replace-pod', reason: 'Unexpected', message: 'a bug' };
  const until = new Date(never).toISOString();

  it.each([
    ['paces the run', { pace }],
    ['parks it', { parked: { failure, until } }],
  ])('holds up no run for longer than any pause: one that %s', async (_, state) => {
    await using simulated = await simulation({});
    simulated.start('nodeUpdate', { node, ...state });
    await simulated.advance('21 minutes');
    expect(simulated.run.end).toEqual({ kind: 'completed' });
    expect(simulated.countOf('finishUpdate')).toBe(1);
  });
});

describe('many commands', () => {
  it('wait only up to a bound, and an update beyond it is refused', async () => {
    await using simulated = await observing({
      steer: async ({ command }) => {
        await takes('10 seconds');
        return { kind: 'done', message: command.kind };
      },
    });
    for (let sent = 0; sent < 500; sent += 1) simulated.signal('rollback');
    const update = simulated.update('rollback');
    await simulated.advance('1 hour');
    expect(update.state).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('100 commands wait already') as string,
    });
    expect(simulated.countOf('steer')).toBe(MOST_COMMANDS);
  });

  it('do not keep a run from continuing as new, and none of them is lost', async () => {
    const suggestedEvents = 300;
    await using simulated = await observing(
      {
        steer: async ({ command }) => {
          await takes('1 second');
          return { kind: 'done', message: command.kind };
        },
      },
      { suggestedEvents },
    );
    const updates = [];
    let sent = 0;
    // There is always one more: they come as fast as they are carried out.
    for (; sent < 20; sent += 1) simulated.signal('rollback');
    for (; sent < 400; sent += 1) {
      simulated.signal('rollback');
      if (sent % 50 === 0) updates.push(simulated.update('rollback'));
      await simulated.advance('1 second');
    }
    await simulated.advance('1 hour');
    expect(simulated.runs.length).toBeGreaterThan(3);
    // What somebody waits for is still carried out, and what was asked for before it.
    const most = suggestedEvents + MOST_COMMANDS * 15;
    for (const run of simulated.runs) expect(run.events).toBeLessThan(most);
    const answered = updates.filter(({ state }) => state.kind === 'completed').length;
    expect(updates.every(({ state }) => ['completed', 'refused'].includes(state.kind))).toBe(true);
    expect(simulated.countOf('steer')).toBe(sent + answered);
  });
});

describe('retry', () => {
  it.each<[SteeringResult, object]>([
    [
      { kind: 'refused', message: 'nothing to retry: SeiNode n0 is held by kim' },
      { kind: 'refused', message: 'nothing to retry: SeiNode n0 is held by kim' },
    ],
    [
      { kind: 'done', message: 'nothing to retry: the node runs its target' },
      { kind: 'completed', result: 'nothing to retry: the node runs its target' },
    ],
  ])('is answered with what the node as it is says to it: %o', async (steered, answer) => {
    await using simulated = await simulation({ steer: async () => steered });
    simulated.start('nodeUpdate');
    const retry = simulated.update('retry', { actor: 'anna' });
    await simulated.advance('1 minute');
    expect(retry.state).toEqual(answer);
  });
});

describe('a payload that no converter reads', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const payload = (encoding: string, data: string) =>
    RawValue.fromPayload({ metadata: { encoding: bytes(encoding) }, data: bytes(data) });

  describe.each([
    ['of an unknown encoding', payload('binary/strange', '{}')],
    ['of broken JSON', payload('json/plain', '{"node"')],
    ['of bytes', payload('binary/plain', '{}')],
    ['without metadata', RawValue.fromPayload({ data: bytes('{}') })],
  ])('%s', (_, strange) => {
    it('is ignored as a signal', async () => {
      await using simulated = await observing();
      const before = simulated.calls.length;
      for (const signal of ['observed', 'pause', 'retry']) simulated.signal(signal, strange);
      await simulated.advance('1 hour');
      expect(simulated.logs).toHaveLength(3);
      expect(simulated.calls).toHaveLength(before);
    });

    it('is refused as an update', async () => {
      await using simulated = await observing();
      const pause = simulated.update('pause', strange);
      await simulated.advance('1 minute');
      expect(pause.state.kind).toBe('refused');
    });

    it('does not keep a query from its answer', async () => {
      await using simulated = await observing();
      expect(await simulated.query('progress', strange)).toMatchObject({ step: 'observe-image' });
    });

    it('ends the run whose start input it is', async () => {
      await using simulated = await simulation({});
      simulated.start('nodeUpdate', strange);
      await simulated.advance('1 minute');
      expect(simulated.run.end).toMatchObject({ kind: 'failed', error: { type: 'InvalidInput' } });
    });
  });
});
