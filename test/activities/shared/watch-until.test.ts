import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { watchUntil } from '../../../activities/shared/watch-until.ts';
import type { ClusterCache } from '../../../kubernetes/cluster.ts';
import { FakeCluster } from '../../support/cluster/fake-cluster.ts';
import { NODE, seiNode, V2 } from '../../support/sei-node.ts';

const OTHER = { ...NODE, name: 'other' };

let cluster: FakeCluster;
/** The number of times that the cache has called somebody who waits. */
let calls: number;
let environment: MockActivityEnvironment;
let looks: number;
let waiting: Promise<unknown>;

beforeEach(() => {
  vi.useFakeTimers();
  cluster = new FakeCluster();
  cluster.createNode(seiNode());
  cluster.createNode(seiNode({ metadata: { name: OTHER.name, uid: 'other-uid' } }));
  calls = 0;
  countCalls(cluster.cache);
  looks = 0;
  environment = new MockActivityEnvironment();
  waiting = environment.run(() =>
    watchUntil(
      cluster.cache,
      NODE,
      () => {
        looks += 1;
        return cluster.node(NODE)?.spec.image === V2 ? 'found' : undefined;
      },
      () => 'waiting',
    ),
  );
});
afterEach(() => vi.useRealTimers());

function countCalls(cache: ClusterCache): void {
  const [subscribe, subscribeTo] = [cache.subscribe.bind(cache), cache.subscribeTo.bind(cache)];
  const called = (): void => {
    calls += 1;
  };
  vi.spyOn(cache, 'subscribe').mockImplementation((listener) =>
    subscribe((node) => {
      called();
      listener(node);
    }),
  );
  vi.spyOn(cache, 'subscribeTo').mockImplementation((node, listener) =>
    subscribeTo(node, () => {
      called();
      listener();
    }),
  );
}

it('is called for no change of another node', () => {
  expect(looks).toBe(1);
  cluster.editSpec(OTHER, { image: V2 });
  expect({ calls, looks }).toEqual({ calls: 0, looks: 1 });
  cluster.editSpec(NODE, { paused: true });
  expect({ calls, looks }).toEqual({ calls: 1, looks: 2 });
});

it('is called no more once it has found what it waits for', async () => {
  cluster.editSpec(NODE, { image: V2 });
  await expect(waiting).resolves.toBe('found');
  expect(cluster.cache.listeners).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
