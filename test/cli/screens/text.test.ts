import { describe, expect, it } from 'vitest';

import { clip } from '../../../cli/screens/clip.ts';
import { age, duration } from '../../../cli/screens/duration.ts';
import { shortImage } from '../../../cli/screens/image-name.ts';
import { coloured } from '../../../cli/screens/palette.ts';
import { table } from '../../../cli/screens/table.ts';
import { wrap } from '../../../cli/screens/wrap.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('a wrapped text', () => {
  it.each([
    ['', ['']],
    ['a pod', ['a pod']],
    ['image was not found', ['image', 'was not', 'found']],
    ['ghcr.io/sei:v1', ['ghcr.io', '/sei:v1']],
    ['of ghcr.io/sei:v1 x', ['of', 'ghcr.io', '/sei:v1', 'x']],
  ])('of %j has lines of seven columns at most', (text, lines) => {
    expect(wrap(text, 7)).toEqual(lines);
  });
});

describe('a duration', () => {
  it.each([
    [-5, '0ms'],
    [85.4, '85ms'],
    [4_250, '4.2s'],
    [59_999, '59s'],
    [MINUTE, '1m'],
    [3 * MINUTE + 12_000, '3m12s'],
    [12 * MINUTE + 12_000, '12m'],
    [HOUR + 5 * MINUTE, '1h5m'],
    [24 * HOUR, '1d'],
    [50 * HOUR, '2d2h'],
  ])('of %i ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('is in whole seconds for an age, and nothing for an unknown one', () => {
    const now = new Date(10_000);
    expect(age(new Date(5_500).toISOString(), now)).toBe('4s');
    expect(age(undefined, now)).toBe('');
  });
});

describe('a short image', () => {
  it.each([
    ['ghcr.io/sei-protocol/sei:v1', 'sei:v1'],
    [`ghcr.io:5000/sei@sha256:${'ab'.repeat(32)}`, 'sei@sha256:abababab'],
    [`ghcr.io/sei:v1@sha256:${'ab'.repeat(32)}`, 'sei:v1@sha256:abababab'],
    ['', '-'],
    [undefined, '-'],
  ])('of %s is %s', (image, text) => {
    expect(shortImage(image)).toBe(text);
  });
});

describe('a clipped line', () => {
  it('counts what is seen, and ends the colours', () => {
    const line = `ab${coloured('').bad('cdef')}gh`;
    expect(clip(line, 4)).toBe(`ab\u001B[31mcd\u001B[0m`);
    expect(clip('abcd', 3)).toBe('abc');
    expect(clip(line, 8)).toBe(line);
    expect(clip('a😀b', 2)).toBe('a😀');
  });
});

describe('a table', () => {
  it('aligns columns, and leaves no spaces at the ends of lines', () => {
    const rows = [
      ['a', 'long', ''],
      ['longer', 'b', 'c'],
    ];
    expect(table(rows, '  ')).toEqual(['  a       long', '  longer  b     c']);
  });
});
