import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { WatcherMetrics } from '../../metrics/watcher-metrics.ts';
import { createWatcherMetrics } from '../../metrics/watcher-metrics.ts';
import { seiNode } from '../support/sei-node.ts';
import { parseExposition, sumOf } from './exposition.ts';

const STALLED = seiNode({
  status: {
    conditions: [
      {
        type: 'Stalled',
        status: 'True',
        reason: 'ImagePullBackOff',
        message: '',
        lastTransitionTime: '2026-01-01T12:00:00.000Z',
      },
    ],
  },
});

let registry: Registry;
let metrics: WatcherMetrics;

beforeEach(() => {
  registry = new Registry();
  metrics = createWatcherMetrics(registry);
});

function follow(nodes: readonly SeiNode[]): void {
  metrics.follow({
    health: () => [],
    node: () => undefined,
    nodes: () => nodes,
    subscribe: () => () => undefined,
  });
}

async function stalled(): Promise<number | undefined> {
  return sumOf(parseExposition(await registry.metrics()), 'seinode_stalled_nodes');
}

describe('createWatcherMetrics', () => {
  it('cover nodes only while the watcher leads', async () => {
    let isLeading = false;
    follow([STALLED]);
    expect(await stalled()).toBeUndefined();
    metrics.leadership.follow({ isLeading: () => isLeading }, 'nodes/seinode-watcher');
    expect(await stalled()).toBeUndefined();
    isLeading = true;
    expect(await stalled()).toBe(1);
    isLeading = false;
    expect(await stalled()).toBeUndefined();
  });
});
