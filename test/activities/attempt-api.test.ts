import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { attemptApi, timed } from '../../activities/attempt-api.ts';
import type { ClusterApi } from '../../kubernetes/cluster.ts';
import { FakeCluster } from '../support/fake-cluster.ts';
import { NODE, seiNode } from '../support/sei-node.ts';

let cluster: FakeCluster;
let api: ClusterApi;
let environment: MockActivityEnvironment;

beforeEach(() => {
  vi.useFakeTimers();
  cluster = new FakeCluster();
  api = attemptApi(cluster.api);
  environment = new MockActivityEnvironment(
    { startToCloseTimeoutMs: 60_000 },
    { logger: new DefaultLogger('ERROR', () => undefined) },
  );
});
afterEach(() => void vi.useRealTimers());

/** An attempt that reads, works for so long, and writes. */
const attempt = (seconds: number) =>
  environment.run(
    timed(async () => {
      const node = await api.getNode(NODE);
      await vi.advanceTimersByTimeAsync(seconds * 1_000);
      return api.patchNodeStatus(node ?? seiNode(), { phase: 'Running' });
    }),
  );
const writes = () => cluster.requests.of('patchNodeStatus');

it('writes while the answer can still come in time', async () => {
  cluster.createNode(seiNode());
  await attempt(46);
  expect(writes()).toHaveLength(1);
});

it('begins no write that may have its effect after the attempt has timed out', async () => {
  cluster.createNode(seiNode());
  await expect(attempt(48)).rejects.toMatchObject({ type: 'out-of-time', nonRetryable: false });
  expect(writes()).toEqual([]);
});

it('writes nothing once the attempt was cancelled', async () => {
  cluster.createNode(seiNode());
  cluster.requests.before('getNode', () => environment.cancel());
  await expect(attempt(0)).rejects.toBeInstanceOf(CancelledFailure);
  expect(writes()).toEqual([]);
});
