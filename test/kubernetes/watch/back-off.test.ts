import { describe, expect, it } from 'vitest';

import { backOffMs } from '../../../kubernetes/watch/back-off.ts';

const bounds = { firstMs: 100, maxMs: 1_000 };
const most = () => 1;
const least = () => 0;

describe('backOffMs', () => {
  it('doubles with each failure up to its bound', () => {
    const delays = [1, 2, 3, 4, 5, 50, 2_000].map((n) => backOffMs(n, bounds, undefined, most));
    expect(delays).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
  });

  it('is at least half of that, at random', () => {
    expect(backOffMs(3, bounds, undefined, least)).toBe(200);
  });

  it('waits as long as the server asks for', () => {
    expect(backOffMs(1, bounds, 7, most)).toBe(7_000);
  });

  it('does not return earlier because the server asks for less', () => {
    expect(backOffMs(5, { firstMs: 1_000, maxMs: 30_000 }, 1, most)).toBe(16_000);
  });

  it('does not stay away for hours because a proxy asks for it', () => {
    expect(backOffMs(1, bounds, 3_600, most)).toBe(60_000);
  });
});
