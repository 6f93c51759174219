import { describe, expect, it } from 'vitest';

import { boundedText } from '../../../domain/text/bounded-text.ts';

describe('boundedText', () => {
  it.each([
    ['', 0, ''],
    ['abc', 3, 'abc'],
    ['abc', 2, 'ab'],
    ['a"\\\n\u0000b', 4, 'a"\\\n'],
    ['ab😀', 3, 'ab\ud83d'],
  ])('of %j and %d is the beginning', (text, length, expected) => {
    expect(boundedText(text, length)).toBe(expected);
  });
});
