import { describe, expect, it } from 'vitest';

import { spreadOf } from './spread.ts';

describe('a sample', () => {
  it('has the middle value as its median, whatever order the values came in', () => {
    expect(spreadOf([30, 10, 20])).toMatchObject({ median: 20, min: 10, max: 30 });
  });

  it('has the mean of the two middle ones where their number is even', () => {
    expect(spreadOf([4, 1, 3, 2]).median).toBe(2.5);
  });

  it('keeps the values as they came', () => {
    expect(spreadOf([3, 1, 2]).values).toEqual([3, 1, 2]);
  });
});
