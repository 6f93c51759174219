import { CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { attemptApi, timed } from '../../../activities/shared/attempt-api.ts';
import type { NodeRef } from '../../../domain/node/node-ref.ts';
import { HEARTBEAT_TIMEOUT_MS } from '../../../domain/run/time-limits.ts';
import type { ClusterApi } from '../../../kubernetes/cluster.ts';
import { FakeCluster } from '../../support/cluster/fake-cluster.ts';
import { identified } from '../../support/identified.ts';
import { NODE, plan, seiNode } from '../../support/sei-node.ts';
import { podRunning } from '../../support/workflow/fake-activities.ts';
import { gate } from '../../support/workflow/gate.ts';
import { replacedBed } from '../activity-bed.ts';
import { ALL_SCENARIOS } from '../all-scenarios.ts';

const EARLIER_NODE: NodeRef = { ...NODE, uid: 'earlier' };

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

describe('an attempt that waits', () => {
  /** The SDK sends the first of these at once, and holds back the next for so long. */
  const THROTTLE_MS = 0.8 * HEARTBEAT_TIMEOUT_MS;
  const WAITS = ['replacePod', 'observeImage', 'runSidecarTask', 'markReady'] as const;

  it.each(WAITS)('is not taken for dead, however long that is: %s', async (name) => {
    const { bed, rollout } = await replacedBed();
    const pod = podRunning(rollout);
    const task = identified({ type: 'config-apply', retries: 0 });
    if (name === 'runSidecarTask') {
      const tasks = [{ type: task.type, status: 'Pending', id: task.id }] as const;
      bed.cluster.editStatus(NODE, { plan: plan({ tasks }) });
    }
    const held = gate();
    bed.cluster.requests.answerWith('listPods', held.passed);
    bed.cluster.requests.answerWith('getPod', held.passed);
    const running = bed.start(name, {
      ...rollout,
      revision: 'newest',
      pod,
      task,
      taskId: task.id,
      failedRun: undefined,
    });
    let beats = 0;
    for (let passedMs = 0; passedMs < 60_000; passedMs += HEARTBEAT_TIMEOUT_MS - THROTTLE_MS) {
      await vi.advanceTimersByTimeAsync(HEARTBEAT_TIMEOUT_MS - THROTTLE_MS);
      expect(running.heartbeats.length).toBeGreaterThan(beats);
      beats = running.heartbeats.length;
    }
    running.cancel();
    held.open();
    await Promise.allSettled([running.result]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('an attempt for a node whose name another one has by now', () => {
  beforeEach(() => void vi.useRealTimers());
  it.each(ALL_SCENARIOS)('writes nothing: $name', async ({ prepare }) => {
    const { bed, attempt } = await prepare();
    for (const [name, activity] of Object.entries(bed.activities)) {
      const ofEarlier = (input: { readonly node: NodeRef }): unknown =>
        (activity as (input: unknown) => unknown)({ ...input, node: EARLIER_NODE });
      Object.assign(bed.activities, { [name]: ofEarlier });
    }
    const tasksBefore = bed.sidecar.begun.length;
    bed.cluster.requests.clear();
    await attempt();
    const changes = bed.cluster.requests.changes.map(({ method }) => method);
    // An Event names the node that it is about by its UID.
    expect(changes.filter((method) => method !== 'createEvent')).toEqual([]);
    // A patch goes to the pod of the StatefulSet that the run itself has applied.
    const tasks = bed.sidecar.begun.slice(tasksBefore);
    expect(tasks.filter((task) => !task.startsWith('config-patch '))).toEqual([]);
  });
});
