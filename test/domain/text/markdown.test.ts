import { describe, expect, it } from 'vitest';

import { runDetails } from '../../../domain/run/run-details.ts';
import { runSummary } from '../../../domain/run/run-summary.ts';
import { asCode } from '../../../domain/text/markdown.ts';

/** Texts that become a link or a picture in CommonMark, or in GitHub's dialect of it. */
const LINKS = [
  '[here](http://a.example)',
  '![picture](http://a.example/b.png)',
  '<http://a.example>',
  'http://a.example',
  'www.a.example',
  'kim@a.example',
  'mailto:kim@a.example',
  '<img src=http://a.example/b.png>',
  '<a href="x">here</a>',
  '` [here](http://a.example) `',
  '``` [here](http://a.example)',
  'a\n\n[here](http://a.example)',
  'a\n- [here](http://a.example)\n# title',
  '\\` [here](http://a.example)',
  '\u202E[here](http://a.example)',
] as const;

/** Returns Markdown without its code: only the operator may write there. */
function outsideOfCode(markdown: string): string {
  return markdown
    .split('\n')
    .map((line) => line.replaceAll(/`[^`]*`/g, 'CODE'))
    .join('\n');
}

const node = { namespace: 'default', name: 'n0', uid: 'uid' };
const SINCE = '2026-01-01T12:00:00.000Z';

describe('asCode', () => {
  it.each(LINKS)('leaves nothing of %j outside of code', (text) => {
    expect(outsideOfCode(asCode(text))).toBe('CODE');
  });

  it('leaves an ordinary text as it is, on one line', () => {
    expect(asCode('sei:v1')).toBe('`sei:v1`');
    expect(asCode('waits\nfor `resume`')).toBe("`waits for 'resume'`");
    expect(asCode('\u202E')).toBe('` `');
  });
});

describe('the details of a run', () => {
  it.each(LINKS)('make nothing of %j, wherever it stands', (text) => {
    const details = runDetails({ ...node, name: text }, 1, {
      target: text,
      previousImage: text,
      step: text as never,
      waitingFor: text,
      since: SINCE,
      lastError: text,
      heldBy: text,
    });
    expect(outsideOfCode(details)).toBe(
      [
        '**CODE**',
        '',
        '- image: CODE → CODE',
        '- step: CODE',
        `- waits for: CODE (since ${SINCE})`,
        '- held by CODE: its pod is let through, and all else waits for CODE',
        '- failures in a row: 1',
        '- last error: CODE',
      ].join('\n'),
    );
  });
});

describe('the summary of a run', () => {
  it.each(LINKS)('makes nothing of an image %j', (image) => {
    expect(outsideOfCode(runSummary(`default/n0: bring up ${image}`))).toBe('CODE');
    const long = runSummary(`default/n0: ${image} ${'é'.repeat(400)}`);
    expect(outsideOfCode(long)).toBe('CODE');
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(256);
  });
});
