import { beforeEach, describe, expect, it } from 'vitest';

import { FairShare } from '../../../activities/shared/fair-share.ts';

let share: FairShare;
beforeEach(() => {
  share = new FairShare(100);
});

function begin(namespace: string, count: number): readonly (() => void)[] {
  return Array.from({ length: count }, () => share.begin(namespace));
}

function interval(namespace: string, random = 1): number {
  return share.intervalMs(namespace, 1_000, 20_000, random);
}

describe('FairShare', () => {
  it('changes nothing for as many as it has room for', () => {
    begin('a', 100);
    expect([interval('a', 0), interval('a', 1)]).toEqual([1_000, 1_000]);
  });

  it('makes the turns of thousands rarer, and those of another namespace no rarer', () => {
    begin('broken', 900);
    begin('healthy', 1);
    expect(interval('broken')).toBe(18_000);
    expect(interval('healthy')).toBe(1_000);
  });

  it('shares between namespaces alike', () => {
    const namespaces = ['a', 'b', 'c', 'd'];
    for (const namespace of namespaces) begin(namespace, 75);
    expect(namespaces.map((namespace) => interval(namespace))).toEqual([
      3_000, 3_000, 3_000, 3_000,
    ]);
  });

  it('keeps nobody waiting for longer than it may', () => {
    begin('broken', 100_000);
    expect(interval('broken')).toBe(20_000);
  });

  it('draws those apart that began together', () => {
    begin('broken', 1_000);
    expect([0, 0.5, 1].map((random) => interval('broken', random))).toEqual([7_500, 8_750, 10_000]);
  });

  it('is what it was once the others take part no more', () => {
    const ends = begin('broken', 2_000);
    begin('healthy', 60);
    expect(interval('healthy')).toBe(1_200);
    for (const end of ends) end();
    expect(interval('healthy')).toBe(1_000);
  });
});
