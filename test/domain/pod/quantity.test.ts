import { describe, expect, it } from 'vitest';

import { isSameQuantity } from '../../../domain/pod/quantity.ts';

describe('isSameQuantity', () => {
  it.each([
    ['1000m', '1'],
    ['0.5', '500m'],
    ['.5', '500m'],
    ['1.1', '1100m'],
    ['1k', '1000'],
    ['1e3', '1k'],
    ['1E3', '1k'],
    ['1Ki', '1024'],
    ['123Mi', '128974848'],
    ['1Gi', '1024Mi'],
    ['1E', '1000P'],
    ['100000u', '100m'],
    ['+2', '2'],
  ])('holds for %s and %s, in either order', (one, other) => {
    expect(isSameQuantity(one, other)).toBe(true);
    expect(isSameQuantity(other, one)).toBe(true);
  });

  it.each([
    ['1', '1m'],
    ['1Gi', '1G'],
    ['1M', '1Mi'],
    ['0', '1n'],
    ['1', '-1'],
    ['1000000000001', '1000000000000'],
    ['a lot', '1'],
    ['', '0'],
  ])('does not hold for %j and %j', (one, other) => {
    expect(isSameQuantity(one, other)).toBe(false);
    expect(isSameQuantity(other, one)).toBe(false);
  });

  it('takes what is no quantity as it is written', () => {
    expect(isSameQuantity('a lot', 'a lot')).toBe(true);
    expect(isSameQuantity('a lot', 'A lot')).toBe(false);
  });
});
