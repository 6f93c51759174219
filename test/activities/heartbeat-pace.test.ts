import { beforeEach, describe, expect, it } from 'vitest';

import { HeartbeatPace } from '../../activities/heartbeat-pace.ts';
import { HEARTBEAT_TIMEOUT_MS, HELD_BACK_HEARTBEAT_TIMEOUT_MS } from '../../domain/time-limits.ts';

let pace: HeartbeatPace;
beforeEach(() => {
  pace = new HeartbeatPace();
});

function begin(namespace: string, count: number): readonly (() => void)[] {
  return Array.from({ length: count }, () => pace.begin(namespace));
}

describe('HeartbeatPace', () => {
  it('lets a hundred heartbeat each second', () => {
    begin('a', 100);
    expect([0, 1].map((random) => pace.intervalMs('a', HEARTBEAT_TIMEOUT_MS, random))).toEqual([
      1_000, 1_000,
    ]);
  });

  it('makes the heartbeats of thousands rarer, and those of another namespace no rarer', () => {
    begin('broken', 2_000);
    begin('healthy', 1);
    expect(pace.intervalMs('broken', HEARTBEAT_TIMEOUT_MS, 0)).toBeGreaterThan(3_500);
    expect(pace.intervalMs('healthy', HEARTBEAT_TIMEOUT_MS, 1)).toBe(1_000);
  });

  it('shares between namespaces alike', () => {
    for (const namespace of ['a', 'b', 'c', 'd']) begin(namespace, 75);
    const intervals = ['a', 'b', 'c', 'd'].map((namespace) =>
      pace.intervalMs(namespace, HEARTBEAT_TIMEOUT_MS, 1),
    );
    expect(intervals).toEqual([3_000, 3_000, 3_000, 3_000]);
  });

  it.each([HEARTBEAT_TIMEOUT_MS, HELD_BACK_HEARTBEAT_TIMEOUT_MS])(
    'leaves time for two that are late within %d ms',
    (timeoutMs) => {
      begin('broken', 100_000);
      expect(3 * pace.intervalMs('broken', timeoutMs, 1)).toBeLessThanOrEqual(timeoutMs);
    },
  );

  it('draws those apart that began together', () => {
    begin('broken', 1_000);
    const all = [0, 0.5, 1].map((random) =>
      pace.intervalMs('broken', HEARTBEAT_TIMEOUT_MS, random),
    );
    expect(new Set(all).size).toBe(3);
  });

  it('is what it was once the others wait no more', () => {
    const ends = begin('broken', 2_000);
    begin('healthy', 60);
    expect(pace.intervalMs('healthy', HEARTBEAT_TIMEOUT_MS, 1)).toBe(1_200);
    for (const end of ends) end();
    expect(pace.intervalMs('healthy', HEARTBEAT_TIMEOUT_MS, 1)).toBe(1_000);
  });
});
