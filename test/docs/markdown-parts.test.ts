import { describe, expect, it } from 'vitest';

import { markdownParts } from './markdown-parts.ts';

describe('a document', () => {
  it('falls into paragraphs, items, rows and blocks, each under its heading', () => {
    const markdown = [
      'Above.',
      '# First',
      'One paragraph',
      'of two lines.',
      '- An item',
      '  of two lines.',
      '- Another.',
      '| a | row |',
      '| b | row |',
      '```yaml',
      '# no heading',
      '',
      'key: 1',
      '```',
      '## Second',
      'The end',
    ].join('\n');
    const parts = markdownParts(markdown);
    expect(parts.map(({ section, text }) => [section, text])).toEqual([
      ['', 'Above.'],
      ['First', 'One paragraph\nof two lines.'],
      ['First', '- An item\n  of two lines.'],
      ['First', '- Another.'],
      ['First', '| a | row |'],
      ['First', '| b | row |'],
      ['First', '# no heading\n\nkey: 1'],
      ['Second', 'The end'],
    ]);
    expect(parts.filter(({ kind }) => kind === 'block')).toEqual([
      { kind: 'block', language: 'yaml', section: 'First', text: '# no heading\n\nkey: 1' },
    ]);
  });
});
