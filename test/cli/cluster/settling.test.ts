import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { SettledOutcome } from '../../../cli/cluster/settling.ts';
import { createSettling } from '../../../cli/cluster/settling.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const done = { kind: 'done', message: 'runs v2' } as const;
const unready = { kind: 'unready', message: 'crashes' } as const;

describe('a wait', () => {
  it('ends at once for whoever waits for what is under way', () => {
    const ends: SettledOutcome[] = [];
    createSettling({ steady: false }).see(done, (end) => ends.push(end));
    expect(ends).toEqual([done]);
  });

  it('ends for whoever asked for an image once the node has stayed done', () => {
    const ends: SettledOutcome[] = [];
    const settling = createSettling({ steady: true });
    settling.see(done, (end) => ends.push(end));
    vi.advanceTimersByTime(9_000);
    expect(ends).toEqual([]);
    settling.see(done, (end) => ends.push(end));
    vi.advanceTimersByTime(1_000);
    expect(ends).toEqual([done]);
  });

  it('ends as a failure for a node that is done and then crashes', () => {
    const ends: SettledOutcome[] = [];
    const settling = createSettling({ steady: true });
    settling.see(done, (end) => ends.push(end));
    vi.advanceTimersByTime(5_000);
    settling.see(unready, (end) => ends.push(end));
    vi.advanceTimersByTime(29_000);
    expect(ends).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(ends).toEqual([{ kind: 'failed', message: 'crashes' }]);
  });

  it('goes on for a node that is ready again in time', () => {
    const ends: SettledOutcome[] = [];
    const settling = createSettling({ steady: true });
    settling.see(unready, (end) => ends.push(end));
    vi.advanceTimersByTime(20_000);
    settling.see({ kind: 'pending' }, (end) => ends.push(end));
    vi.advanceTimersByTime(60_000);
    expect(ends).toEqual([]);
    settling.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
