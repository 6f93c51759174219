import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';

import { createLeadershipMetrics } from '../../metrics/leadership-metrics.ts';
import type { LeadershipMetrics } from '../../metrics/leadership-metrics.ts';
import type { Series } from './exposition.ts';
import { parseExposition } from './exposition.ts';

let registry: Registry;
let metrics: LeadershipMetrics;

beforeEach(() => {
  registry = new Registry();
  metrics = createLeadershipMetrics(registry);
});

async function told(): Promise<readonly Series[]> {
  return parseExposition(await registry.metrics());
}

describe('createLeadershipMetrics', () => {
  it('show whether the watcher leads, by its Lease', async () => {
    let isLeading = false;
    metrics.follow({ isLeading: () => isLeading }, 'seinode-system/seinode-watcher');
    const labels = { lease: 'seinode-system/seinode-watcher' };
    expect(await told()).toEqual([{ name: 'seinode_watcher_leading', labels, value: 0 }]);
    isLeading = true;
    expect(await told()).toEqual([{ name: 'seinode_watcher_leading', labels, value: 1 }]);
    expect(metrics.isLeading()).toBe(true);
  });

  it('name no Lease where there is no election', async () => {
    metrics.follow({ isLeading: () => true }, undefined);
    expect(await told()).toEqual([{ name: 'seinode_watcher_leading', labels: {}, value: 1 }]);
  });

  it('show nothing of a watcher that has yet to bid', async () => {
    expect(await told()).toEqual([]);
    expect(metrics.isLeading()).toBe(false);
  });
});
