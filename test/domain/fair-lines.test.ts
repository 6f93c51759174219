import { beforeEach, describe, expect, it } from 'vitest';

import { FairLines } from '../../domain/fair-lines.ts';

let lines: FairLines<number>;

beforeEach(() => {
  lines = new FairLines();
});

function add(...keys: readonly string[]): void {
  for (const key of keys) lines.add(key.split('/')[0] ?? '', key, 0);
}

function all(mayGo?: (key: string) => boolean): readonly string[] {
  const taken: string[] = [];
  for (let next = lines.next(mayGo); next !== undefined; next = lines.next(mayGo)) {
    taken.push(next[0]);
  }
  return taken;
}

describe('FairLines', () => {
  it('serve one namespace in the order of arrival', () => {
    add('a/1', 'a/2', 'a/3');
    expect(all()).toEqual(['a/1', 'a/2', 'a/3']);
  });

  it('serve the namespaces in turn', () => {
    add('noisy/1', 'noisy/2', 'noisy/3', 'noisy/4', 'quiet/1', 'other/1', 'other/2');
    expect(all()).toEqual([
      'noisy/1',
      'quiet/1',
      'other/1',
      'noisy/2',
      'other/2',
      'noisy/3',
      'noisy/4',
    ]);
  });

  it('put a namespace that comes back behind those that wait', () => {
    add('noisy/1', 'noisy/2');
    lines.next();
    add('quiet/1');
    expect(lines.next()?.[0]).toBe('noisy/2');
    add('noisy/3');
    expect(all()).toEqual(['quiet/1', 'noisy/3']);
  });

  it('pass over who may not go yet, and keep its place', () => {
    add('a/1', 'a/2', 'b/1');
    expect(all((key) => key !== 'a/1')).toEqual(['a/2', 'b/1']);
    expect(lines.size).toBe(1);
    expect(all()).toEqual(['a/1']);
  });

  it('take out one that need not wait any more, and know nothing of others', () => {
    add('a/1', 'a/2', 'b/1');
    lines.remove('a', 'a/1');
    lines.remove('b', 'b/1');
    lines.remove('b', 'b/2');
    lines.remove('c', 'c/1');
    expect(lines.size).toBe(1);
    expect(all()).toEqual(['a/2']);
  });

  it('have each key once, with the newest value', () => {
    lines.add('a', 'a/1', 1);
    lines.add('a', 'a/2', 2);
    lines.add('a', 'a/1', 3);
    expect(lines.size).toBe(2);
    expect([lines.has('a', 'a/1'), lines.has('b', 'a/1')]).toEqual([true, false]);
    expect(lines.next()).toEqual(['a/1', 3]);
    lines.clear();
    expect(lines.size).toBe(0);
    expect(lines.next()).toBeUndefined();
  });
});
