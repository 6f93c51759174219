import { describe, expect, it } from 'vitest';

import { cleanText } from '../../../domain/text/text.ts';

describe('cleanText', () => {
  it('leaves an ordinary text as it is', () => {
    expect(cleanText('disk full on node 7: größer, 東京, 🙂', 64)).toBe(
      'disk full on node 7: größer, 東京, 🙂',
    );
  });

  it.each([
    ['line ends', 'a\r\nb\u2028c\u2029d', 'a b c d'],
    ['escape sequences', 'a\u001b[31mb\u009b1mc', 'a [31mb 1mc'],
    ['NUL and DEL', 'a\u0000b\u007fc', 'a b c'],
    ['bidi overrides and isolates', 'a\u202eb\u2066c\u2069d\u200fe', 'a b c d e'],
    ['zero width characters', 'a\u200bb\ufeffc', 'a b c'],
    ['half of a surrogate pair', 'a\ud83db', 'a b'],
    ['white space around', '  a \t b  ', 'a b'],
    ['nothing but what is unsafe', '\u202e\u0000', ''],
  ])('takes away %s', (_, text, clean) => {
    expect(cleanText(text, 64)).toBe(clean);
  });

  it('cuts what is too long, and says so', () => {
    expect(cleanText('a'.repeat(10), 10)).toBe('a'.repeat(10));
    expect(cleanText('a'.repeat(11), 10)).toBe(`${'a'.repeat(9)}…`);
    expect(cleanText('a'.repeat(1_000_000), 10)).toBe(`${'a'.repeat(9)}…`);
  });

  it('cuts no character in half', () => {
    expect(cleanText('🙂🙂🙂🙂', 6)).toBe('🙂🙂…');
  });

  it('is done in one pass: what it has cleaned, it leaves as it is', () => {
    const clean = cleanText(`x\u202e\u0000 ${'é🙂 '.repeat(40)}`, 50);
    expect(cleanText(clean, 50)).toBe(clean);
  });
});
