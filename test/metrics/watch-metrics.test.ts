import { Registry } from 'prom-client';
import { expect, it } from 'vitest';

import { ApiError } from '../../kubernetes/api/api-error.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { startSharedCache } from '../../kubernetes/watch/shared-cache.ts';
import { createWatchMetrics } from '../../metrics/watch-metrics.ts';
import { recordedLog } from '../kubernetes/recorded-log.ts';
import { eventually } from '../support/eventually.ts';
import { parseExposition, sumOf } from './exposition.ts';

const FAST = {
  backOff: { firstMs: 1, maxMs: 10 },
  listSilenceMs: 60_000,
  watchSilenceMs: 60_000,
  watchSeconds: { min: 300, max: 600 },
  relistAfterMs: 3_600_000,
};

it('shows the age of each watch, and of one that was never heard the age of the process', async () => {
  const registry = new Registry();
  let now = 10_000;
  const metrics = createWatchMetrics(registry, () => now);
  metrics.follow({
    health: () => [
      { resource: 'pods', hasSynced: true, lastContactAt: 18_000 },
      { resource: 'services', hasSynced: false, lastContactAt: undefined },
    ],
  });
  now = 60_000;
  expect(parseExposition(await registry.metrics())).toEqual([
    { name: 'seinode_watch_age_seconds', labels: { resource: 'pods' }, value: 42 },
    { name: 'seinode_watch_age_seconds', labels: { resource: 'services' }, value: 50 },
  ]);
});

it('shows for several namespaces the age of the watch that is silent longest', async () => {
  const registry = new Registry();
  const metrics = createWatchMetrics(registry, () => 60_000);
  metrics.follow({
    health: () => [
      { resource: 'pods', namespace: 'a', hasSynced: true, lastContactAt: 18_000 },
      { resource: 'pods', namespace: 'b', hasSynced: true, lastContactAt: 50_000 },
    ],
  });
  expect(parseExposition(await registry.metrics())).toEqual([
    { name: 'seinode_watch_age_seconds', labels: { resource: 'pods' }, value: 42 },
  ]);
});

it('counts the ends of each watch by their class', async () => {
  const registry = new Registry();
  const metrics = createWatchMetrics(registry);
  const stop = new AbortController();
  const refused = (path: string) =>
    Promise.reject(new ApiError(path.includes('pods') ? 403 : 503, '{"message":"no"}'));
  const connection: Pick<KubernetesConnection, 'openStream' | 'getJson'> = {
    openStream: refused,
    getJson: refused,
  };
  startSharedCache({
    connection,
    logger: recordedLog(),
    signal: stop.signal,
    timing: FAST,
    onWatchEnd: metrics.ended,
  });
  const restarts = async (labels: Record<string, string>) =>
    sumOf(parseExposition(await registry.metrics()), 'seinode_watch_restarts_total', labels) ?? 0;
  await eventually(
    'the watch of pods was refused twice',
    async () => (await restarts({ resource: 'pods', class: 'forbidden' })) >= 2,
  );
  await eventually(
    'another one found the server unavailable',
    async () => (await restarts({ resource: 'seinodes', class: 'unavailable' })) >= 1,
  );
  expect(await restarts({ resource: 'pods', class: 'ended' })).toBe(0);
  stop.abort();
});
