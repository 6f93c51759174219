import { describe, expect, it } from 'vitest';

import { visible, visibleOnOneLine } from '../../../domain/text/visible.ts';

describe('visible', () => {
  it.each([
    ['escape sequences', 'a\u001B[2Kb\u009B1m', String.raw`a\u001b[2Kb\u009b1m`],
    ['bidi marks', 'a\u202Eb\u2066c\u200F', String.raw`a\u202eb\u2066c\u200f`],
    ['what has no width', 'a\u200Bb\uFEFF', String.raw`a\u200bb\ufeff`],
    ['other ends of lines', 'a\r\u0085\u2028', String.raw`a\u000d\u0085\u2028`],
    ['characters beyond 16 bits, as JSON has them', '\u{E0041}', String.raw`\udb40\udc41`],
    ['half of a pair', 'a\uD83D', String.raw`a\ud83d`],
  ])('shows %s', (_, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('leaves text of all scripts, tabs and lines as they are', () => {
    const text = 'señal ✓ 日本\tא 🙂\n…';
    expect(visible(text)).toBe(text);
    expect(visibleOnOneLine(text)).toBe(text.replace('\n', String.raw`\u000a`));
  });

  it('spells a string of JSON in another way', () => {
    const text = 'a\u001B\u202E\u{E0041}\u0085';
    expect(JSON.parse(visible(JSON.stringify(text)))).toBe(text);
  });
});
