import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ReportQueue } from '../../starter/report-queue.ts';
import { createReportQueue } from '../../starter/report-queue.ts';

interface Report {
  readonly key: string;
  readonly succeed: () => void;
  readonly fail: () => void;
}

/** The reports under way and those before them, each ended by the test. */
let reports: Report[];
let errors: string[];
let queue: ReportQueue;

beforeEach(() => {
  vi.useFakeTimers();
  reports = [];
  errors = [];
  queue = createReportQueue(
    (key) =>
      new Promise((resolve, reject) => {
        reports.push({ key, succeed: () => resolve(), fail: () => reject(new Error('no')) });
      }),
    (key) => errors.push(key),
  );
});

afterEach(() => {
  void queue.stop();
  vi.useRealTimers();
});

const keys = () => reports.map(({ key }) => key);
const settled = () => vi.advanceTimersByTimeAsync(0);

async function failLast(): Promise<void> {
  reports.at(-1)?.fail();
  await settled();
}

describe('createReportQueue', () => {
  it('lets a namespace wait for one turn of each other, however many nodes those have', async () => {
    const noisy = Array.from({ length: 200 }, (_, index) => `noisy/n${index}`);
    for (const key of [...noisy, 'quiet/n0']) queue.add(key, 'change');
    const atOnce = reports.length;
    expect(keys()).not.toContain('quiet/n0');
    reports[0]?.succeed();
    reports[1]?.succeed();
    await settled();
    expect(keys().slice(atOnce)).toEqual([`noisy/n${atOnce}`, 'quiet/n0']);
  });

  it('reports changes before the resyncs that came earlier', async () => {
    const resyncs = Array.from({ length: 200 }, (_, index) => `ns/n${index}`);
    for (const key of resyncs) queue.add(key, 'resync');
    const atOnce = reports.length;
    queue.add('ns/new', 'change');
    queue.add('ns/n199', 'change');
    for (const { succeed } of reports.slice(0, 3)) succeed();
    await settled();
    expect(keys().slice(atOnce)).toEqual(['ns/new', 'ns/n199', `ns/n${atOnce}`]);
  });

  it('reports once a key that waits to be looked at again when a change comes', async () => {
    const busy = Array.from({ length: 50 }, (_, index) => `ns/n${index}`);
    for (const key of busy) queue.add(key, 'change');
    queue.add('ns/late', 'resync');
    queue.add('ns/late', 'change');
    queue.add('ns/late', 'resync');
    expect(queue.length()).toBe(51);
    for (const { succeed } of reports.slice(0, 3)) succeed();
    await settled();
    expect(keys().slice(50)).toEqual(['ns/late']);
  });

  it('reports different keys side by side', () => {
    queue.add('a', 'change');
    queue.add('b', 'change');
    expect(keys()).toEqual(['a', 'b']);
  });

  it('makes one report of a key at a time, and one more however often it was added meanwhile', async () => {
    for (let count = 0; count < 40; count += 1) queue.add('a', 'change');
    expect(keys()).toEqual(['a']);
    reports[0]?.succeed();
    await settled();
    expect(keys()).toEqual(['a', 'a']);
    reports[1]?.succeed();
    await settled();
    expect(keys()).toEqual(['a', 'a']);
  });

  it('makes at most fifty reports at once, and the others as soon as there is room', async () => {
    for (let count = 0; count < 120; count += 1) queue.add(`key-${count}`, 'change');
    expect(reports).toHaveLength(50);
    for (let ended = 0; ended < 120; ended += 1) {
      reports[ended]?.succeed();
      await settled();
    }
    expect(new Set(keys()).size).toBe(120);
  });

  it('repeats a report that failed after 1, 2, 4 seconds and so on, up to 30', async () => {
    queue.add('a', 'change');
    for (const delayMs of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const before = reports.length;
      await failLast();
      await vi.advanceTimersByTimeAsync(delayMs - 1);
      expect(reports).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(reports).toHaveLength(before + 1);
    }
    expect(errors).toHaveLength(7);
  });

  it('begins with a short delay again after a success', async () => {
    queue.add('a', 'change');
    await failLast();
    await vi.advanceTimersByTimeAsync(1_000);
    await failLast();
    await vi.advanceTimersByTimeAsync(2_000);
    reports.at(-1)?.succeed();
    await settled();
    queue.add('a', 'change');
    await failLast();
    const before = reports.length;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(reports).toHaveLength(before + 1);
  });

  it('does not let a change wait for the back-off of a report that failed', async () => {
    queue.add('a', 'change');
    await failLast();
    queue.add('a', 'change');
    expect(keys()).toEqual(['a', 'a']);
  });

  it('leaves a report that failed to its back-off at a resync', async () => {
    queue.add('a', 'change');
    await failLast();
    queue.add('a', 'resync');
    expect(keys()).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(keys()).toEqual(['a', 'a']);
  });

  it('leaves a report that fails to its back-off when a resync came meanwhile', async () => {
    queue.add('a', 'change');
    queue.add('a', 'resync');
    await failLast();
    expect(keys()).toEqual(['a']);
  });

  it('reports at once a change that came during a report that fails, also before a resync', async () => {
    queue.add('a', 'change');
    queue.add('a', 'change');
    queue.add('a', 'resync');
    await failLast();
    expect(keys()).toEqual(['a', 'a']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('replaces the back-off of a report that failed by that of the change that failed after it', async () => {
    queue.add('a', 'change');
    await failLast();
    queue.add('a', 'change');
    await failLast();
    expect(vi.getTimerCount()).toBe(1);
    expect(queue.length()).toBe(1);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(keys()).toEqual(['a', 'a']);
    await vi.advanceTimersByTimeAsync(1);
    expect(keys()).toEqual(['a', 'a', 'a']);
  });

  it('holds up no other key while one backs off', async () => {
    queue.add('a', 'change');
    await failLast();
    queue.add('b', 'change');
    expect(keys()).toEqual(['a', 'b']);
  });

  it('begins nothing after it has been stopped', async () => {
    queue.add('a', 'change');
    queue.add('b', 'change');
    queue.add('b', 'change');
    reports[0]?.fail();
    await settled();
    void queue.stop();
    reports[1]?.succeed();
    queue.add('c', 'change');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(keys()).toEqual(['a', 'b']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('begins no back-off after it has been stopped', async () => {
    queue.add('a', 'change');
    void queue.stop();
    await failLast();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('stops once the reports under way have ended', async () => {
    queue.add('a', 'change');
    queue.add('b', 'change');
    let hasStopped = false;
    void queue.stop().then(() => (hasStopped = true));
    reports[0]?.succeed();
    await settled();
    expect(hasStopped).toBe(false);
    reports[1]?.fail();
    await settled();
    expect(hasStopped).toBe(true);
    await expect(queue.stop()).resolves.toBeUndefined();
  });

  it('counts the keys that wait for their report, its end, or its back-off', async () => {
    expect(queue.length()).toBe(0);
    queue.add('a', 'change');
    queue.add('b', 'change');
    expect(queue.length()).toBe(2);
    reports[0]?.succeed();
    await failLast();
    expect(queue.length()).toBe(1);
  });
});

it('has one timer and one report in 30 seconds for each of 20 keys that fail for an hour', async () => {
  vi.useFakeTimers();
  let calls = 0;
  const failing = createReportQueue(
    async () => {
      calls += 1;
      throw new Error('Temporal is away');
    },
    () => undefined,
  );
  const all = Array.from({ length: 20 }, (_, index) => `default/n${index}`);
  for (const key of all) failing.add(key, 'change');
  for (let minute = 0; minute < 60; minute += 1) {
    await vi.advanceTimersByTimeAsync(60_000);
    for (const key of all) failing.add(key, 'resync');
    expect(vi.getTimerCount()).toBeLessThanOrEqual(20);
    expect(failing.length()).toBe(20);
  }
  // Six of the first minute, which begin short, and two in each minute after it.
  expect(calls).toBeLessThanOrEqual(20 * (6 + 2 * 60));
  await failing.stop();
});
