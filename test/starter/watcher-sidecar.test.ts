import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { withCondition } from '../../domain/node/condition.ts';
import type { SidecarState } from '../../domain/sidecar/sidecar-state.ts';
import { startWatcher } from '../../starter/watcher.ts';
import { recordedLog } from '../kubernetes/recorded-log.ts';
import { platform } from '../manifests/fixtures.ts';
import { FakeCluster } from '../support/cluster/fake-cluster.ts';
import { DEFAULT_SIDECAR, NODE, NOW, V1, V2 } from '../support/sei-node.ts';
import { createRunning } from '../support/testbed/running-cluster.ts';
import { FakeStarter } from './fake-starter.ts';

const PROBE_SECONDS = 30;

let cluster: FakeCluster;
let starter: FakeStarter;
let state: SidecarState;
/** How many of the next probes find nobody, whatever the state. */
let unanswered: number;
let probes: number;
let stop: () => Promise<void>;

beforeEach(() => {
  vi.useFakeTimers();
  cluster = new FakeCluster();
  starter = new FakeStarter();
  state = 'ready';
  unanswered = 0;
  probes = 0;
});

afterEach(async () => {
  await stop();
  vi.useRealTimers();
});

const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);
const told = () => starter.told.map(({ due }) => due);

async function watch(): Promise<void> {
  stop = startWatcher({
    cache: cluster.cache,
    starter,
    policy: { rollOnPlatformSidecarImage: false, defaultSidecarImage: DEFAULT_SIDECAR },
    platform,
    resyncSeconds: 3_600,
    // An answer takes a while, and the watcher decides meanwhile.
    probe: async () => {
      probes += 1;
      const answer = unanswered > 0 ? 'unreachable' : state;
      unanswered = Math.max(0, unanswered - 1);
      await Promise.resolve();
      return answer;
    },
    probeSeconds: PROBE_SECONDS,
    logger: recordedLog(),
  });
  await seconds(PROBE_SECONDS);
}

/** As the run writes it when it has seen that the update is complete. */
function finishUpdate(): void {
  const over = { type: 'NodeUpdateInProgress', status: 'False', reason: 'R', message: '' } as const;
  const { conditions } = cluster.node(NODE)?.status ?? {};
  cluster.editStatus(NODE, {
    currentImage: V2,
    conditions: withCondition(conditions, over, 1, NOW),
  });
}

describe('the watcher', () => {
  it('starts a sync within one interval when a sidecar has restarted', async () => {
    await createRunning(cluster);
    await watch();
    expect(told()).toEqual([]);
    state = 'not-ready';
    await seconds(PROBE_SECONDS);
    expect(told()).toEqual(['nodeSync']);
  });

  it('asks twice before it takes a sidecar for unreachable', async () => {
    await createRunning(cluster);
    await watch();
    unanswered = 1;
    await seconds(2 * PROBE_SECONDS);
    expect(told()).toEqual([]);
    unanswered = 2;
    await seconds(PROBE_SECONDS);
    expect(told()).toEqual(['nodeSync']);
  });

  it('asks nobody while its watches are behind, and drops earlier answers', async () => {
    await createRunning(cluster);
    await watch();
    const before = probes;
    cluster.cache.freeze('pod');
    state = 'not-ready';
    await seconds(2 * PROBE_SECONDS);
    expect([probes, told()]).toEqual([before, []]);
    cluster.cache.thaw();
    await seconds(PROBE_SECONDS);
    expect(told()).toEqual(['nodeSync']);
  });

  it('asks the sidecars of a namespace while the watch of another is silent', async () => {
    await createRunning(cluster);
    cluster.cache.silence('others');
    await watch();
    state = 'not-ready';
    await seconds(PROBE_SECONDS);
    expect(told()).toEqual(['nodeSync']);
    const before = probes;
    cluster.cache.silence(NODE.namespace);
    await seconds(2 * PROBE_SECONDS);
    expect(probes).toBe(before);
  });

  it('asks no pod that was made to look like the node’s', async () => {
    await createRunning(cluster);
    cluster.forgePod({ namespace: NODE.namespace, name: 'n0-0' }, 'a-forged', {
      podIP: '10.9.9.9',
      image: 'evil:v1',
    });
    cluster.deletePod({ namespace: NODE.namespace, name: 'n0-0' });
    await watch();
    expect(probes).toBe(0);
  });

  it('starts no sync for a sidecar that held the pod back during a roll', async () => {
    await createRunning(cluster, { spec: { image: V2 }, status: { currentImage: V1 } });
    state = 'not-ready';
    await watch();
    expect(told()).toEqual(['nodeUpdate']);
    state = 'ready';
    finishUpdate();
    await seconds(PROBE_SECONDS);
    expect(told()).toEqual(['nodeUpdate', 'nothing']);
  });
});
