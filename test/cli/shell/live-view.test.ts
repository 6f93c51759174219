import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { nodeView } from '../../../cli/shell/live-view.ts';
import { terminalOn } from '../../../cli/shell/terminal.ts';
import { EARLIER } from '../../support/sei-node.ts';
import { NODES } from '../nodes-in-states.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(EARLIER) });
});

afterEach(() => {
  vi.useRealTimers();
});

function viewOf(isTTY: boolean) {
  const written: string[] = [];
  const out = { write: (text: string) => written.push(text), isTTY, columns: 40, rows: 6 };
  const interrupt = new AbortController();
  const terminal = terminalOn(out, { write: () => true }, { NO_COLOR: '1' });
  const now = () => new Date();
  return {
    view: nodeView({ terminal, interrupted: interrupt.signal, now }),
    interrupt,
    take: () => written.splice(0).join(''),
  };
}

describe('the view of a node without a terminal', () => {
  it('is a line for each change, with the time since the beginning', () => {
    const { view, take } = viewOf(false);
    view.show(NODES.starting);
    vi.advanceTimersByTime(2_500);
    view.show(NODES.starting);
    view.show(NODES.running);
    view.show(undefined);
    view.close();
    expect(take().split('\n')).toEqual([
      expect.stringMatching(/^ {3}0ms {2}starting, /),
      '  2.5s  running',
      '  2.5s  gone',
      '',
    ]);
  });
});

describe('the live view', () => {
  it('is drawn over itself while time passes, within the window', () => {
    const { view, take } = viewOf(true);
    view.show(NODES.updating);
    const first = take();
    expect(first).toContain('⠋  observe-image');
    vi.advanceTimersByTime(100);
    const second = take();
    expect(second.startsWith('\u001B[5A\r\u001B[J')).toBe(true);
    expect(second).toContain('⠙  observe-image');
    for (const line of second.split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(40);
    view.close();
  });

  it('gives the cursor back once, when it is closed or interrupted', () => {
    const { view, interrupt, take } = viewOf(true);
    view.show(NODES.updating);
    expect(take()).toContain('\u001B[?25l');
    interrupt.abort();
    view.close();
    expect(take()).toBe('\u001B[?25h');
    vi.advanceTimersByTime(1_000);
    expect(take()).toBe('');
  });

  it('says so while the connection is interrupted', () => {
    const { view, take } = viewOf(true);
    view.show(NODES.running);
    view.interrupted('reset');
    expect(take()).toContain('connection interrupted');
    view.show(NODES.running);
    expect(take()).not.toContain('connection interrupted');
    view.close();
  });
});
