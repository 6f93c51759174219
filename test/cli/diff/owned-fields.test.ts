import { describe, expect, it } from 'vitest';

import { lineDiff } from '../../../cli/diff/line-diff.ts';
import { ownedFields } from '../../../cli/diff/owned-fields.ts';

const MANAGER = 'seinode-controller';

function applied(fieldsV1: object, object: object) {
  const managedFields = [{ manager: MANAGER, operation: 'Apply', fieldsV1 }];
  return { ...object, metadata: { name: 'n0', managedFields } };
}

describe('the fields that an apply owns', () => {
  it('are those that it named, without API defaults', () => {
    const object = applied(
      { 'f:spec': { 'f:replicas': {} } },
      { spec: { replicas: 1, revisionHistoryLimit: 10 } },
    );
    expect(ownedFields(object, MANAGER)).toEqual({ spec: { replicas: 1 } });
  });

  it('are the entries of a list by their keys, and what is named of each', () => {
    const object = applied(
      { 'f:containers': { 'k:{"name":"seid"}': { '.': {}, 'f:name': {}, 'f:image': {} } } },
      { containers: [{ name: 'other' }, { name: 'seid', image: 'v1', imagePullPolicy: 'Always' }] },
    );
    expect(ownedFields(object, MANAGER)).toEqual({ containers: [{ name: 'seid', image: 'v1' }] });
  });

  it('find an entry whose key the object leaves to its default', () => {
    const object = applied(
      {
        'f:ports': { 'k:{"containerPort":1,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
      },
      { ports: [{ containerPort: 1 }, { containerPort: 1, protocol: 'UDP' }] },
    );
    expect(ownedFields(object, MANAGER)).toEqual({ ports: [{ containerPort: 1 }] });
  });

  it('are members of a set by their values', () => {
    const object = applied({ 'f:finalizers': { 'v:"a"': {} } }, { finalizers: ['b', 'a'] });
    expect(ownedFields(object, MANAGER)).toEqual({ finalizers: ['a'] });
  });

  it('are a value as a whole where the set names no more of it', () => {
    const object = applied({ 'f:args': {} }, { args: ['a', 'b'] });
    expect(ownedFields(object, MANAGER)).toEqual({ args: ['a', 'b'] });
  });

  it('are none of an object that others manage, or that is not there', () => {
    expect(ownedFields(applied({ 'f:spec': {} }, { spec: {} }), 'kubectl')).toBeUndefined();
    expect(ownedFields(undefined, MANAGER)).toBeUndefined();
  });
});

describe('the difference of two texts', () => {
  const text = (before: string, after: string) =>
    lineDiff(before.split(''), after.split(''))
      .map(({ kind, text: line }) => `${{ same: ' ', removed: '-', added: '+' }[kind]}${line}`)
      .join('');

  it.each([
    ['abc', 'abc', ' a b c'],
    ['abc', 'axc', ' a-b+x c'],
    ['abcd', 'bd', '-a b-c d'],
    ['', 'ab', '+a+b'],
    ['ab', '', '-a-b'],
    ['abcabba', 'cbabac', '-a-b c+b a b-b a+c'],
  ])('of %s and %s is the shortest', (before, after, expected) => {
    expect(text(before, after)).toBe(expected);
  });
});
