import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { connectWithin } from '../../process/connect-within.ts';
import { UserError } from '../../settings/user-error.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Connects with a clock that jumps from timer to timer. */
async function connecting<T>(seconds: number, connect: () => Promise<T>): Promise<T> {
  const connection = connectWithin(seconds, 'Temporal at there:7233', 'check the address', connect);
  // The test looks at the failure later; it must not count as unhandled until then.
  connection.catch(() => undefined);
  await vi.runAllTimersAsync();
  return connection;
}

describe('connectWithin', () => {
  it('returns the result of connecting', async () => {
    expect(await connecting(5, async () => 'connection')).toBe('connection');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tries once a second until the server answers', async () => {
    let attempts = 0;
    const connection = await connecting(30, async () => {
      attempts += 1;
      if (attempts < 10) throw new Error('refused');
      return attempts;
    });
    expect(connection).toBe(10);
  });

  it('names the server that it did not reach, the reason and the things to check, when the time is over', async () => {
    const began = Date.now();
    await expect(
      connecting(5, async () => {
        throw new Error('connection refused');
      }),
    ).rejects.toThrow(
      new UserError(
        'cannot reach Temporal at there:7233 within 5 s: connection refused; check the address',
      ),
    );
    expect(Date.now() - began).toBeLessThanOrEqual(5_000);
  });

  it('does not wait longer for a server that never answers', async () => {
    const began = Date.now();
    await expect(connecting(5, () => new Promise<never>(() => undefined))).rejects.toThrow(
      'cannot reach Temporal at there:7233 within 5 s: no answer; check the address',
    );
    expect(Date.now() - began).toBe(5_000);
  });

  it('does not repeat after an error that only a person can fix', async () => {
    let attempts = 0;
    const failure = connecting(30, async () => {
      attempts += 1;
      throw new UserError('no kubeconfig');
    });
    await expect(failure).rejects.toThrow(new UserError('no kubeconfig'));
    expect(attempts).toBe(1);
  });
});
