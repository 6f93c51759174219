import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import type { WatchHealth } from '../../kubernetes/watch/shared-cache.ts';
import { syncedWithin } from '../../process/synced-within.ts';
import type { RecordedLog } from '../kubernetes/recorded-log.ts';
import { recordedLog } from '../kubernetes/recorded-log.ts';

let pods: WatchHealth;
let synced: () => void;
let anySynced: () => void;
let log: RecordedLog;

beforeEach(() => {
  vi.useFakeTimers();
  pods = { resource: 'pods', hasSynced: false, lastContactAt: undefined };
  log = recordedLog();
});
afterEach(() => {
  vi.useRealTimers();
});

function waiting(): Promise<string> {
  const whenSynced = new Promise<void>((resolve) => {
    synced = resolve;
  });
  const whenAnySynced = new Promise<void>((resolve) => {
    anySynced = resolve;
  });
  const services: WatchHealth = { resource: 'services', hasSynced: true, lastContactAt: 0 };
  const cache = {
    health: () => [services, pods],
    whenSynced: () => whenSynced,
    whenAnySynced: () => Promise.race([whenSynced, whenAnySynced]),
  };
  return syncedWithin(30, cache, log).then(() => 'synced', String);
}

const soFar = (end: Promise<string>) => Promise.race([end, Promise.resolve('waits')]);

it('ends once all has been listed', async () => {
  const end = waiting();
  synced();
  expect(await end).toBe('synced');
  expect(log.entries).toEqual([]);
});

it('names the lists that did not answer', async () => {
  const end = waiting();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await end).toContain('cannot list pods within 30 s');
});

it('names the namespace of a list that did not answer, if several are served', async () => {
  pods = { ...pods, namespace: 'b' };
  const end = waiting();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await end).toContain('cannot list pods in b within 30 s');
});

it('starts with the namespaces that are listed, and names the others', async () => {
  pods = { ...pods, namespace: 'b' };
  const end = waiting();
  anySynced();
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await soFar(end)).toBe('waits');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await end).toBe('synced');
  expect(log.entries).toMatchObject([{ fields: { namespaces: 'b', missing: 'pods in b' } }]);
});

it('does not wait for a list of one namespace that never ends, once another is listed', async () => {
  pods = { ...pods, namespace: 'b' };
  const end = waiting();
  anySynced();
  for (let seconds = 0; seconds < 5; seconds += 1) {
    pods = { ...pods, lastContactAt: Date.now() };
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(await end).toBe('synced');
});

it('says nothing when the others are listed a moment later', async () => {
  const end = waiting();
  anySynced();
  await vi.advanceTimersByTimeAsync(1_000);
  synced();
  expect(await end).toBe('synced');
  expect(log.entries).toEqual([]);
});

it('waits for a list that is coming in, however long that takes, and not for one that stops', async () => {
  const end = waiting();
  for (let seconds = 0; seconds < 300; seconds += 20) {
    await vi.advanceTimersByTimeAsync(20_000);
    pods = { ...pods, lastContactAt: Date.now() };
  }
  expect(await soFar(end)).toBe('waits');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await end).toContain('cannot list pods');
});
