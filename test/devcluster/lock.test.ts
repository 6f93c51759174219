import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { withLock } from '../../devcluster/lock.ts';
import { startChild } from './child.ts';
import type { Child } from './child.ts';

const HOLDER = join(import.meta.dirname, 'programs', 'hold-lock.ts');

describe('withLock', () => {
  it('lets the second of two processes work only when the first has finished', async () => {
    const key = crypto.randomUUID();
    const first = holder(key);
    await first.said('has the lock');
    const second = holder(key);
    await second.said('waits');
    let finished = false;
    const next = second.said('has the lock').then(() => finished);
    finished = true;
    first.finish();
    expect(await next).toBe(true);
  });

  it('is free as soon as the process that had it is killed', async () => {
    const key = crypto.randomUUID();
    const first = holder(key);
    await first.said('has the lock');
    const second = holder(key);
    await second.said('waits');
    first.signal('SIGKILL');
    expect(await second.said('has the lock')).toBe('');
  });

  it('serves one after another of many that wait in one process', async () => {
    const key = crypto.randomUUID();
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise(setImmediate);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, () => withLock(key, work)));
    expect(most).toBe(1);
  });

  it('is free again after work that failed, whose error it passes on', async () => {
    const key = crypto.randomUUID();
    const failing = withLock(key, () => Promise.reject(new Error('no room')));
    await expect(failing).rejects.toThrow('no room');
    expect(await withLock(key, () => Promise.resolve('next'))).toBe('next');
  });

  it('does not hold up work under another key', async () => {
    const first = holder(crypto.randomUUID());
    await first.said('has the lock');
    const waits = (): never => {
      throw new Error('waited');
    };
    expect(await withLock(crypto.randomUUID(), () => Promise.resolve('done'), waits)).toBe('done');
  });
});

function holder(key: string): Child {
  const child = startChild(HOLDER, [key]);
  onTestFinished(() => child.signal('SIGKILL'));
  return child;
}
