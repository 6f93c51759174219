import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { progressOn } from '../../devcluster/progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
});

describe('progressOn a file or pipe', () => {
  it('writes a line at the start, one every 30 s with the last detail, and one at the end', () => {
    const output = recorder({ isTTY: false });
    const activity = progressOn(output).start('[1/8] building etcd');
    activity.detail('1 of 10 MB');
    activity.detail('2 of 10 MB');
    vi.advanceTimersByTime(65_000);
    activity.end();
    expect(output.text).toBe(
      [
        '[1/8] building etcd …',
        '[1/8] building etcd: still at it (30 s, 2 of 10 MB)',
        '[1/8] building etcd: still at it (1 min 0 s, 2 of 10 MB)',
        '[1/8] building etcd: done (1 min 5 s)',
        '',
      ].join('\n'),
    );
  });

  it('writes no more when it has ended', () => {
    const output = recorder({ isTTY: false });
    progressOn(output).start('it').end('failed');
    const before = output.text;
    vi.advanceTimersByTime(120_000);
    expect(output.text).toBe(before);
    expect(before).toContain('it: failed (0 s)\n');
  });
});

describe('progressOn a terminal', () => {
  it('keeps one line up to date every second', () => {
    const output = recorder({ isTTY: true });
    const activity = progressOn(output).start('downloading kwok');
    activity.detail('5 of 10 MB');
    vi.advanceTimersByTime(2_000);
    activity.end();
    expect(output.text.split('\r\u001B[K').slice(1)).toEqual([
      'downloading kwok (0 s)',
      'downloading kwok (1 s, 5 of 10 MB)',
      'downloading kwok (2 s, 5 of 10 MB)',
      'downloading kwok: done (2 s)\n',
    ]);
  });
});

function recorder({ isTTY }: { readonly isTTY: boolean }) {
  return {
    isTTY,
    text: '',
    write(text: string): void {
      this.text += text;
    },
  };
}
