import { describe, expect, it } from 'vitest';

import { NODE_NAMES } from '../../../domain/run/kind-names.ts';
import { readObserved } from '../../../domain/run/read-observed.ts';
import { NODE } from '../../support/sei-node.ts';
import { TOY_NAMES } from '../../workflows/second-kind/toy-names.ts';

const OBSERVED = { node: NODE, generation: 3, cause: 'change', due: 'nodeUpdate' };

describe('readObserved', () => {
  it('takes what the watcher sends', () => {
    expect(readObserved(NODE_NAMES, OBSERVED, NODE)).toEqual({ kind: 'fits', value: OBSERVED });
  });

  it('takes another UID: a read tells whether it is so', () => {
    const message = { ...OBSERVED, node: { ...NODE, uid: 'another' } };
    expect(readObserved(NODE_NAMES, message, NODE)).toEqual({ kind: 'fits', value: message });
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
    expect(readObserved(NODE_NAMES, message, NODE)).toEqual({
      kind: 'misfit',
      why: expect.stringMatching(why) as string,
    });
  });

  it('takes the due work of another kind from its run alone', () => {
    const message = { ...OBSERVED, due: 'toyMake' };
    expect(readObserved(TOY_NAMES, message, NODE)).toEqual({ kind: 'fits', value: message });
    expect(readObserved(NODE_NAMES, message, NODE)).toMatchObject({ kind: 'misfit' });
    expect(readObserved(TOY_NAMES, OBSERVED, NODE)).toMatchObject({ kind: 'misfit' });
  });
});
