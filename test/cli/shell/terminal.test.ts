import { describe, expect, it } from 'vitest';

import { terminalOn } from '../../../cli/shell/terminal.ts';

const sink = { write: () => true };
const screen = { ...sink, isTTY: true, columns: 0, rows: 50 };

describe('a terminal', () => {
  it('has colours and may be drawn over', () => {
    const terminal = terminalOn(screen, sink, { TERM: 'xterm' });
    expect(terminal.isInteractive).toBe(true);
    expect(terminal.shown(terminal.palette.bad('x'))).toBe('\u001B[31mx\u001B[39m');
    expect(terminal.size).toMatchObject({ columns: 80, rows: 50 });
  });

  it('has no colours where NO_COLOR is set to something', () => {
    const painted = (value: string) =>
      terminalOn(screen, sink, { NO_COLOR: value }).palette.bad('x');
    expect(painted('1')).toBe('x');
    expect(painted('')).not.toBe('x');
    expect(terminalOn(screen, sink, { NO_COLOR: '1' }).isInteractive).toBe(true);
  });

  it('is neither for a pipe, nor where it is dumb', () => {
    for (const terminal of [
      terminalOn(sink, sink, {}),
      terminalOn(screen, sink, { TERM: 'dumb' }),
    ]) {
      expect(terminal.isInteractive).toBe(false);
      expect(terminal.palette.bad('x')).toBe('x');
    }
  });
});
