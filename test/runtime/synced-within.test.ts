import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import type { WatchHealth } from '../../kubernetes/shared-cache.ts';
import { syncedWithin } from '../../runtime/synced-within.ts';

let pods: WatchHealth;
let synced: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  pods = { resource: 'pods', hasSynced: false, lastContactAt: undefined };
});
afterEach(() => {
  vi.useRealTimers();
});

function waiting(): Promise<string> {
  const whenSynced = new Promise<void>((resolve) => {
    synced = resolve;
  });
  const services: WatchHealth = { resource: 'services', hasSynced: true, lastContactAt: 0 };
  const cache = { health: () => [services, pods], whenSynced: () => whenSynced };
  return syncedWithin(30, cache).then(() => 'synced', String);
}

it('ends once all has been listed', async () => {
  const end = waiting();
  synced();
  expect(await end).toBe('synced');
});

it('names what nothing was heard of', async () => {
  const end = waiting();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await end).toContain('cannot list pods within 30 s');
});

it('names the namespace of what nothing was heard of, where several are served', async () => {
  pods = { ...pods, namespace: 'b' };
  const end = waiting();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await end).toContain('cannot list pods in b within 30 s');
});

it('waits for a list that is coming in, however long that takes, and not for one that stops', async () => {
  const end = waiting();
  for (let seconds = 0; seconds < 300; seconds += 20) {
    await vi.advanceTimersByTimeAsync(20_000);
    pods = { ...pods, lastContactAt: Date.now() };
  }
  const stillWaits = await Promise.race([end, Promise.resolve('waits')]);
  expect(stillWaits).toBe('waits');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await end).toContain('cannot list pods');
});
