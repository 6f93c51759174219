import { describe, expect, it } from 'vitest';

import { mergePatch } from '../../../kubernetes/api/merge-patch.ts';
import { statusPatch } from '../../../kubernetes/status-patch.ts';

describe('mergePatch', () => {
  it('is undefined when there is nothing to change', () => {
    expect(mergePatch({ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } })).toBeUndefined();
  });

  it.each([
    ['sets what is new', {}, { a: 1 }, { a: 1 }],
    ['changes what differs and nothing else', { a: 1, b: 2 }, { a: 1, b: 3 }, { b: 3 }],
    ['removes what is gone', { a: 1, b: 2 }, { a: 1 }, { b: null }],
    ['goes into objects', { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, { a: { c: 3 } }],
    ['replaces arrays whole', { a: [1, 2] }, { a: [1, 3] }, { a: [1, 3] }],
    ['replaces an object by a value', { a: { b: 1 } }, { a: 'x' }, { a: 'x' }],
    ['replaces an array by an object', { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
  ])('%s', (_, before, after, patch) => {
    expect(mergePatch(before, after)).toEqual(patch);
  });
});

describe('statusPatch', () => {
  it('leaves fields alone that are not ours', () => {
    const before = { phase: 'Pending', resolvedPeers: ['a'] } as const;
    expect(statusPatch(before, { phase: 'Running' })).toEqual({ phase: 'Running' });
    expect(statusPatch({ phase: 'Pending' }, { ...before, phase: 'Running' })).toEqual({
      phase: 'Running',
    });
  });

  it('takes a field that is undefined for one that is absent', () => {
    const plan = { phase: 'Active', tasks: [] } as const;
    const carried = { plan: { ...plan, startedAt: undefined } } as object;
    expect(statusPatch({ plan }, carried)).toBeUndefined();
    expect(
      statusPatch({ plan, phase: 'Running' }, { ...carried, phase: undefined } as object),
    ).toEqual({
      phase: null,
    });
  });

  it('writes a first status whole', () => {
    expect(statusPatch(undefined, { phase: 'Pending' })).toEqual({ phase: 'Pending' });
  });
});
