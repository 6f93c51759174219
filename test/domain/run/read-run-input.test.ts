import { describe, expect, it } from 'vitest';

import { NODE_NAMES } from '../../../domain/run/kind-names.ts';
import type { NodeRunInput } from '../../../domain/run/node-run.ts';
import { readRunInput } from '../../../domain/run/read-run-input.ts';
import { NODE } from '../../support/sei-node.ts';
import { TOY_NAMES } from '../../workflows/second-kind/toy-names.ts';

const ID = 'seinode/test/default/n0';

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

/** Sends a value through JSON, as it arrives on the wire. */
const wired = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

describe('readRunInput', () => {
  it.each([
    ['of whoever starts a run', { node: NODE }],
    ['of a run that continues', CARRIED],
  ])('takes the input %s', (_, input) => {
    expect(readRunInput(NODE_NAMES, wired(input), ID)).toEqual({
      kind: 'fits',
      value: wired(input),
    });
  });

  it('leaves out what is no part of an input', () => {
    const input = { node: { ...NODE, extra: 1 }, image: 'sei:v9' };
    expect(readRunInput(NODE_NAMES, input, ID)).toEqual({ kind: 'fits', value: { node: NODE } });
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
    expect(readRunInput(NODE_NAMES, input, ID)).toEqual({
      kind: 'misfit',
      why: expect.stringMatching(why) as string,
    });
  });

  it.each(['seinode/test/default', 'seinode/a/b/default/n0', 'seinode//default/n0', 'n0', ''])(
    'refuses the workflow id "%s"',
    (id) => {
      expect(readRunInput(NODE_NAMES, { node: NODE }, id)).toMatchObject({ kind: 'misfit' });
    },
  );

  it('reads the input of another kind by its own names', () => {
    const id = 'toy/test/default/n0';
    const input = { ...CARRIED, pace: { ...CARRIED.pace, kinds: ['toyMake'] } };
    expect(readRunInput(TOY_NAMES, wired(input), id)).toEqual({
      kind: 'fits',
      value: wired(input),
    });
    expect(readRunInput(TOY_NAMES, wired(CARRIED), id)).toEqual({
      kind: 'misfit',
      why: 'pace of the input has not the shape that a run hands on',
    });
    expect(readRunInput(TOY_NAMES, wired(input), ID)).toEqual({
      kind: 'misfit',
      why: `the workflow id ${ID} does not fit: it has to be toy/CLUSTER/NAMESPACE/NAME`,
    });
  });
});
