import { describe, expect, it } from 'vitest';

import type { NodeRunInput } from '../../domain/node-run.ts';
import { readCommand, readObserved, readRunInput } from '../../domain/run-messages.ts';
import { NODE } from '../support/sei-node.ts';

const ID = 'seinode/test/default/n0';
const OBSERVED = { node: NODE, generation: 3, cause: 'change', due: 'nodeUpdate' };

const CARRIED: NodeRunInput = {
  node: NODE,
  planId: 'plan-1',
  failures: 3,
  parked: {
    failure: { step: 'replace-pod', reason: 'Refused', message: 'exceeded quota' },
    until: '2026-01-01T12:00:00.000Z',
  },
  pace: {
    generation: 2,
    kinds: ['nodeUpdate'],
    repeats: 3,
    turns: 1,
    lastAtMs: 1,
    told: ['nodeUpdate '],
    flips: { count: 1, lastAtMs: 1 },
    why: undefined,
  },
  lateness: {
    key: 'plan-1',
    spentMs: 1_000,
    rank: 2,
    exceeded: { reason: 'ProgressDeadlineExceeded', message: 'late' },
    refusedRollback: undefined,
  },
  commands: [{ kind: 'pause', reason: 'maintenance', actor: 'kim' }],
};

/** As it arrives: through JSON. */
const wired = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

describe('readRunInput', () => {
  it.each([
    ['of whoever starts a run', { node: NODE }],
    ['of a run that continues', CARRIED],
  ])('takes the input %s', (_, input) => {
    expect(readRunInput(wired(input), ID)).toEqual({ kind: 'fits', value: wired(input) });
  });

  it('leaves out what is no part of an input', () => {
    const input = { node: { ...NODE, extra: 1 }, image: 'sei:v9' };
    expect(readRunInput(input, ID)).toEqual({ kind: 'fits', value: { node: NODE } });
  });

  it.each([
    ['none', undefined, /has to be an object: \{ "node": \{ "namespace": "default"/],
    ['an array', [{ node: NODE }], /has to be an object/],
    ['no node', {}, /node is missing/],
    ['a node without a uid', { node: { namespace: 'default', name: 'n0' } }, /node is missing/],
    ['a uid of another type', { node: { ...NODE, uid: 7 } }, /node is missing/],
    ['a uid without an end', { node: { ...NODE, uid: 'u'.repeat(300) } }, /node is missing/],
    ['another name', { node: { ...NODE, name: 'n1' } }, /node is default\/n1, and .* default\/n0/],
    ['another namespace', { node: { ...NODE, namespace: 'other' } }, /node is other\/n0/],
    ['a plan id that is a number', { ...CARRIED, planId: 7 }, /planId of the input/],
    ['fewer failures than none', { ...CARRIED, failures: -1 }, /failures of the input/],
    ['half a failure', { ...CARRIED, failures: 0.5 }, /failures of the input/],
    ['a failure without words', { ...CARRIED, parked: { failure: {} } }, /parked of the input/],
    [
      'a time that is none',
      { ...CARRIED, parked: { ...CARRIED.parked, until: 'soon' } },
      /parked of/,
    ],
    [
      'a pace of another kind of work',
      { ...CARRIED, pace: { ...CARRIED.pace, kinds: ['constructor'] } },
      /pace of the input/,
    ],
    [
      'commands without an end',
      { ...CARRIED, commands: Array(101).fill({ kind: 'pause' }) },
      /commands of/,
    ],
    ['a command that is none', { ...CARRIED, commands: [null] }, /commands of the input/],
  ])('refuses %s', (_, input, why) => {
    expect(readRunInput(input, ID)).toEqual({
      kind: 'misfit',
      why: expect.stringMatching(why) as string,
    });
  });

  it.each(['seinode/test/default', 'seinode/a/b/default/n0', 'seinode//default/n0', 'n0', ''])(
    'refuses the workflow id "%s"',
    (id) => {
      expect(readRunInput({ node: NODE }, id)).toMatchObject({ kind: 'misfit' });
    },
  );
});

describe('readObserved', () => {
  it('takes what the watcher sends', () => {
    expect(readObserved(OBSERVED, NODE)).toEqual({ kind: 'fits', value: OBSERVED });
  });

  it('takes another UID: a read tells whether it is so', () => {
    const message = { ...OBSERVED, node: { ...NODE, uid: 'another' } };
    expect(readObserved(message, NODE)).toEqual({ kind: 'fits', value: message });
  });

  it.each([
    ['nothing', undefined, 'it is no object'],
    ['null', null, 'it is no object'],
    ['no node', {}, 'its node has no namespace, name and uid'],
    ['a uid alone', { node: { uid: 'x' } }, 'its node has no namespace, name and uid'],
    ['another node', { ...OBSERVED, node: { ...NODE, name: 'n1' } }, 'it is about default/n1'],
    ['a node elsewhere', { ...OBSERVED, node: { ...NODE, namespace: 'x' } }, 'it is about x/n0'],
    ['no generation', { ...OBSERVED, generation: undefined }, /no whole number/],
    ['a negative generation', { ...OBSERVED, generation: -1 }, /no whole number/],
    ['a generation beyond integers', { ...OBSERVED, generation: 2 ** 53 }, /no whole number/],
    ['a generation in words', { ...OBSERVED, generation: '3' }, /no whole number/],
    ['another cause', { ...OBSERVED, cause: 'toString' }, /its cause/],
    ['work of another kind', { ...OBSERVED, due: 'toString' }, /its due/],
  ])('refuses %s', (_, message, why) => {
    expect(readObserved(message, NODE)).toEqual({
      kind: 'misfit',
      why: expect.stringMatching(why) as string,
    });
  });
});

describe('readCommand', () => {
  it.each([[undefined], [null], [{}], [{ reason: null }]])(
    'takes %j: a command without a word',
    (input) => {
      expect(readCommand('retry', input)).toEqual({
        kind: 'fits',
        value: { kind: 'retry', reason: 'no reason given', actor: 'unknown' },
      });
    },
  );

  it('cleans and cuts its texts', () => {
    const input = {
      reason: `a\u202eb\n${'x'.repeat(2_000)}`,
      actor: `kim\u001b[31m${'y'.repeat(300)}`,
    };
    const read = readCommand('pause', input);
    if (read.kind === 'misfit') throw new Error(read.why);
    expect(read.value.reason).toMatch(/^a b x+…$/);
    expect(read.value.reason).toHaveLength(1_024);
    expect(read.value.actor).toMatch(/^kim \[31my+…$/);
    expect(read.value.actor).toHaveLength(256);
  });

  it.each([['stop'], [7], [true], [[]], [[{ reason: 'r' }]], [{ reason: 5 }], [{ actor: {} }]])(
    'refuses %j',
    (input) => {
      expect(readCommand('pause', input)).toEqual({
        kind: 'misfit',
        why: 'pause takes an object { "reason": "...", "actor": "..." } or nothing',
      });
    },
  );
});
