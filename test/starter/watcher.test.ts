import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { proxyConfigName } from '../../domain/node/node-ref.ts';
import { startWatcher } from '../../starter/watcher.ts';
import type { RecordedLog } from '../kubernetes/recorded-log.ts';
import { recordedLog } from '../kubernetes/recorded-log.ts';
import { platform } from '../manifests/fixtures.ts';
import { FakeCluster } from '../support/cluster/fake-cluster.ts';
import { DEFAULT_SIDECAR, NODE, runningNode, seiNode, V1, V2 } from '../support/sei-node.ts';
import { createRunning } from '../support/testbed/running-cluster.ts';
import { FakeStarter } from './fake-starter.ts';

const RESYNC_SECONDS = 60;
const policy = { rollOnPlatformSidecarImage: false, defaultSidecarImage: DEFAULT_SIDECAR };

let cluster: FakeCluster;
let starter: FakeStarter;
let log: RecordedLog;
let stop: () => Promise<void> = () => Promise.resolve();

beforeEach(() => {
  vi.useFakeTimers();
  cluster = new FakeCluster();
  starter = new FakeStarter();
  log = recordedLog();
});

afterEach(async () => {
  await stop();
  vi.useRealTimers();
});

async function watch(probeSeconds = 30): Promise<void> {
  stop = startWatcher({
    cache: cluster.cache,
    starter,
    policy,
    platform,
    probe: async () => 'ready',
    probeSeconds,
    resyncSeconds: RESYNC_SECONDS,
    logger: log,
  });
  await reported();
}

function editConfig(data: Readonly<Record<string, string>>): void {
  const { namespace } = NODE;
  cluster.editConfigMap({ namespace, name: proxyConfigName(NODE) }, data);
}

/** Until what is queued has been reported. */
const reported = () => vi.advanceTimersByTimeAsync(0);
const seconds = (count: number) => vi.advanceTimersByTimeAsync(count * 1_000);
const told = () => starter.told.map(({ due, cause }) => `${due} ${cause}`);

describe('startWatcher', () => {
  it('starts the due work of the nodes that exist when it starts', async () => {
    cluster.createNode(seiNode());
    cluster.createNode(
      runningNode({ metadata: { name: 'n1', uid: 'n1-uid' }, spec: { image: V2 } }),
    );
    await watch();
    expect(starter.told).toEqual([
      { node: 'n0', uid: NODE.uid, generation: 1, due: 'nodeInit', cause: 'change' },
      { node: 'n1', uid: 'n1-uid', generation: 1, due: 'nodeUpdate', cause: 'change' },
    ]);
  });

  it('starts the due work of a node that appears', async () => {
    await watch();
    cluster.createNode(seiNode());
    await reported();
    expect(told()).toEqual(['nodeInit change']);
  });

  it('never reports a node with nothing due', async () => {
    await createRunning(cluster);
    await watch();
    await seconds(10 * RESYNC_SECONDS);
    expect(told()).toEqual([]);
  });

  it('reports nothing about an unread object, and starts work for drift once it is read', async () => {
    cluster.cache.leaveContentsUnread();
    await createRunning(cluster);
    editConfig({ 'config.yaml': 'theirs' });
    await watch();
    await seconds(2 * RESYNC_SECONDS);
    expect(told()).toEqual([]);
    cluster.cache.readContents();
    await reported();
    expect(told()).toEqual(['nodeSync change']);
  });

  it('takes drift for neither mended nor new while an object is read again', async () => {
    await createRunning(cluster);
    await watch();
    editConfig({ 'config.yaml': 'theirs' });
    await reported();
    cluster.cache.leaveContentsUnread();
    editConfig({ 'config.yaml': 'theirs', 'more.yaml': 'theirs' });
    await reported();
    cluster.cache.readContents();
    await reported();
    expect(told()).toEqual(['nodeSync change']);
  });

  it('reports no node of a namespace that is not all listed, and starts the due work once it is', async () => {
    const { namespace } = NODE;
    cluster.cache.unlist(namespace);
    cluster.createNode(runningNode({ spec: { image: V2 } }));
    await watch();
    await seconds(3 * RESYNC_SECONDS);
    expect(told()).toEqual([]);
    cluster.cache.list(namespace);
    await reported();
    expect(told()).toEqual(['nodeUpdate change']);
  });

  it('starts an update when spec asks for another image', async () => {
    await createRunning(cluster);
    await watch();
    cluster.editSpec(NODE, { image: V2 });
    await reported();
    expect(told()).toEqual(['nodeUpdate change']);
  });

  it('reports nothing while the run writes status', async () => {
    cluster.createNode(runningNode({ spec: { image: V2 } }));
    await watch();
    cluster.editStatus(NODE, { plan: { phase: 'Active', workflowId: 'w', tasks: [] } });
    cluster.editStatus(NODE, { observedGeneration: 2 });
    await reported();
    expect(told()).toEqual(['nodeUpdate change']);
  });

  it('reports a burst of changes by its first and its last', async () => {
    await createRunning(cluster);
    await watch();
    for (let count = 2; count <= 40; count += 1) cluster.editSpec(NODE, { image: `sei:v${count}` });
    await reported();
    expect(starter.told.map(({ generation }) => generation)).toEqual([2, 40]);
  });

  it('signals the open run, and starts none, when nothing is due any more', async () => {
    await createRunning(cluster, { spec: { image: V2 }, status: { currentImage: V1 } });
    await watch();
    cluster.editStatus(NODE, { currentImage: V2 });
    await reported();
    expect(told()).toEqual(['nodeUpdate change', 'nothing change']);
  });

  describe('at the end of a plan', () => {
    const plan = { id: 'p', workflowId: 'w', tasks: [] };
    beforeEach(async () => {
      const status = { currentImage: V1, plan: { ...plan, phase: 'Active' } } as const;
      await createRunning(cluster, { spec: { image: V2 }, status });
      await watch();
      starter.told.length = 0;
    });

    it('does not signal the run about its own work', async () => {
      cluster.editStatus(NODE, { currentImage: V2, plan: { ...plan, phase: 'Complete' } });
      await reported();
      expect(told()).toEqual([]);
    });

    it('signals a change that came at the same time', async () => {
      cluster.editSpec(NODE, { image: 'sei:v3' });
      // These two come while the first is reported, and are looked at together.
      cluster.editSpec(NODE, { image: V2 });
      cluster.editStatus(NODE, {
        currentImage: V2,
        observedGeneration: 3,
        plan: { ...plan, phase: 'Complete' },
      });
      await reported();
      expect(told()).toEqual(['nodeUpdate change', 'nothing change']);
    });
  });

  it('reports due work again once in each resync, which does not count as a change', async () => {
    cluster.createNode(runningNode({ spec: { image: V2 } }));
    await watch();
    await seconds(3 * RESYNC_SECONDS);
    expect(told()).toEqual([
      'nodeUpdate change',
      'nodeUpdate resync',
      'nodeUpdate resync',
      'nodeUpdate resync',
    ]);
  });

  it('leaves an open run alone in a resync that finds the very same due', async () => {
    cluster.createNode(runningNode({ spec: { image: V2 } }));
    await watch();
    starter.hasOpenRuns = true;
    await seconds(3 * RESYNC_SECONDS);
    expect(told()).toEqual(['nodeUpdate change']);
    starter.hasOpenRuns = false;
    await seconds(RESYNC_SECONDS);
    expect(told()).toEqual(['nodeUpdate change', 'nodeUpdate resync']);
  });

  it('spreads the resyncs of many nodes over the interval', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `n${index}`);
    for (const name of names) {
      cluster.createNode(runningNode({ metadata: { name, uid: name }, spec: { image: V2 } }));
    }
    await watch();
    const counts: number[] = [];
    for (let second = 0; second < RESYNC_SECONDS; second += 1) {
      const before = starter.told.length;
      await seconds(1);
      counts.push(starter.told.length - before);
    }
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(names.length);
    expect(Math.max(...counts)).toBeLessThan(12);
  });

  it('finds in a resync a change without an event', async () => {
    await createRunning(cluster);
    await watch();
    vi.spyOn(cluster.cache, 'subscribe').mockReturnValue(() => undefined);
    await stop();
    const noProbeMeanwhile = 3_600;
    await watch(noProbeMeanwhile);
    cluster.editSpec(NODE, { image: V2 });
    await reported();
    expect(told()).toEqual([]);
    await seconds(RESYNC_SECONDS);
    expect(told()).toEqual(['nodeUpdate change']);
  });

  it('repeats a failed report, and logs that', async () => {
    starter.failures = 2;
    cluster.createNode(seiNode());
    await watch();
    expect(told()).toEqual([]);
    await seconds(3);
    expect(told()).toEqual(['nodeInit change']);
    expect(log.entries.filter(({ message }) => message.startsWith('report failed'))).toEqual([
      {
        message: 'report failed, will be repeated',
        fields: { namespace: 'default', name: 'n0', error: 'Temporal is away' },
      },
      {
        message: 'report failed, will be repeated',
        fields: { namespace: 'default', name: 'n0', error: 'Temporal is away' },
      },
    ]);
  });

  it('repeats a resync that failed before the next one is due', async () => {
    cluster.createNode(runningNode({ spec: { image: V2 } }));
    await watch();
    starter.failures = 1;
    await seconds(RESYNC_SECONDS + 1);
    expect(told()).toEqual(['nodeUpdate change', 'nodeUpdate resync']);
  });

  it('signals the run of a node that is being deleted, which may wait for anything', async () => {
    cluster.createNode(runningNode({ spec: { image: V2 }, metadata: { finalizers: ['f'] } }));
    await watch();
    cluster.deleteNode(NODE);
    await reported();
    expect(told()).toEqual(['nodeUpdate change', 'nothing change']);
  });

  it('signals the run of a node that is gone, once', async () => {
    cluster.createNode(runningNode({ spec: { image: V2 } }));
    await watch();
    cluster.deleteNode(NODE);
    await seconds(2 * RESYNC_SECONDS);
    expect(told()).toEqual(['nodeUpdate change', 'nothing change']);
  });

  it('forgets a node that is gone, so that the next one of its name is new', async () => {
    cluster.createNode(runningNode());
    await watch();
    cluster.deleteNode(NODE);
    await reported();
    starter.told.length = 0;
    cluster.createNode(runningNode({ metadata: { uid: 'another' }, spec: { image: V2 } }));
    await reported();
    expect(starter.told).toEqual([
      { node: 'n0', uid: 'another', generation: 1, due: 'nodeUpdate', cause: 'change' },
    ]);
  });

  it('reports a pod that somebody has replaced by one of another image', async () => {
    cluster.createNode(seiNode());
    await watch();
    expect(told()).toEqual(['nodeInit change']);
    const { uid } = cluster.createStatefulSet(statefulSetWithImage('sei:v0'));
    const { status } = runningNode();
    cluster.editStatus(NODE, { ...status, statefulSet: { name: NODE.name, uid } });
    cluster.settle();
    await reported();
    expect(told().at(-1)).toBe('nodeUpdate change');
  });

  it('reports nothing after it has been stopped', async () => {
    await createRunning(cluster);
    await watch();
    await stop();
    cluster.editSpec(NODE, { image: V2 });
    await seconds(2 * RESYNC_SECONDS);
    expect(told()).toEqual([]);
    expect(cluster.cache.listeners).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});

function statefulSetWithImage(image: string) {
  const labels = { 'sei.io/node': NODE.name };
  return {
    metadata: { namespace: NODE.namespace, name: NODE.name },
    spec: {
      serviceName: NODE.name,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'seid', image }] } },
    },
  };
}
