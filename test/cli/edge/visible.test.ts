import { describe, expect, it } from 'vitest';

import { terminalOn } from '../../../cli/edge/terminal.ts';
import { visible } from '../../../cli/edge/visible.ts';

/** What an Event or an image may hold: a title, a cleared line, a clipboard, text read backwards. */
const HOSTILE =
  '\u001B]0;pwned\u0007 \u001B[2K\u001B[1A \u001B]52;c;eA==\u0007 \u009B8m \u202Etxt \r';

function printed(isTTY: boolean, write: (terminal: ReturnType<typeof terminalOn>) => void): string {
  let text = '';
  const output = { isTTY, write: (more: string) => (text += more) };
  write(terminalOn(output, output, {}));
  return text;
}

describe('visible', () => {
  it('shows what a terminal would act on', () => {
    expect(visible('a\u001B[2Kb\u202Ec\u0085')).toBe('a\\u001b[2Kb\\u202ec\\u0085');
  });

  it('leaves text of all scripts, tabs and lines as they are', () => {
    const text = 'señal ✓ 日本\tא\n…';
    expect(visible(text)).toBe(text);
  });
});

describe('a terminal', () => {
  it.each([true, false])('prints nothing raw from a cluster (a terminal: %s)', (isTTY) => {
    const text = printed(isTTY, (terminal) => {
      terminal.print([HOSTILE]);
      terminal.note(HOSTILE);
    });
    // eslint-disable-next-line no-control-regex -- what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/);
    expect(text.match(/pwned/g)).toHaveLength(2);
  });

  it('paints where it is one, and nowhere else', () => {
    const paint = (isTTY: boolean) =>
      printed(isTTY, (terminal) => terminal.print([terminal.palette.good('ok')]));
    expect(paint(true)).toBe('\u001B[32mok\u001B[39m\n');
    expect(paint(false)).toBe('ok\n');
    expect(printed(false, (terminal) => terminal.print(['\u001B[32mok']))).toBe('\\u001b[32mok\n');
  });
});
