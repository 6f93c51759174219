import { subscribe, unsubscribe } from 'node:diagnostics_channel';

import type {
  V1ConfigMap,
  V1OwnerReference,
  V1Service,
  V1StatefulSet,
} from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { proxyConfigName } from '../../domain/node/node-ref.ts';
import type { SeiNodeStatus } from '../../domain/node/sei-node-status.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { SEI_NODE_TYPE } from '../../domain/node/sei-node.ts';
import { connect } from '../../kubernetes/api/client.ts';
import { classifyApiError } from '../../kubernetes/api/errors.ts';
import type { ClusterApi } from '../../kubernetes/cluster.ts';
import { createLiveClusterApi } from '../../kubernetes/live-cluster-api.ts';
import { updateNodeStatus } from '../../kubernetes/node-status.ts';
import { startSharedCache } from '../../kubernetes/watch/shared-cache.ts';
import { recordedLog } from '../kubernetes/recorded-log.ts';
import { contentOf } from '../support/cluster/content-of.ts';
import { eventually } from '../support/eventually.ts';
import { sharedDevcluster } from '../support/testbed/devcluster.ts';
import { RUN_BY_HAND } from '../support/testbed/shipped-rights.ts';
import { nodeKubectl } from './node-kubectl.ts';

/** Longer than anything healthy takes on a busy machine of two cores. */
const DEADLINE_MS = 60_000;

const ANOTHER_UID = '11111111-1111-4111-8111-111111111111';

const cluster = sharedDevcluster();
const namespace = `layer-${process.pid}`;
const nodes = nodeKubectl(cluster, namespace);
const connection = connect({
  kubeconfigPath: cluster.kubeconfigPath,
  userAgent: 'kubernetes-layer-test',
});
const api: ClusterApi = createLiveClusterApi(connection);

beforeAll(async () => {
  await cluster.kubectl(['create', 'namespace', namespace]);
  // The worker here is this file, as the admin.
  const labels = Object.entries(RUN_BY_HAND).map(([key, value]) => `${key}=${value}`);
  await cluster.kubectl(['label', 'namespace', namespace, ...labels]);
});
afterAll(async () => {
  await connection.close();
  await cluster.kubectl(['delete', 'namespace', namespace, '--wait=false']);
});

/** Makes an object that is watched for its label, of the node that its owners name. */
function labelled(kind: string, name: string, ownerReferences: V1OwnerReference[] = []) {
  const labels = { 'sei.io/node': name };
  return { apiVersion: 'v1', kind, metadata: { namespace, name, labels, ownerReferences } };
}

/** Makes a StatefulSet of the node's name, whose pod no machine of the devcluster takes. */
function statefulSet(
  name: string,
  image: string,
  ownerReferences: V1OwnerReference[] = [],
): V1StatefulSet {
  const labels = { 'sei.io/node': name };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { namespace, name, labels, ownerReferences },
    spec: {
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: labels },
      updateStrategy: { type: 'OnDelete' },
      template: {
        metadata: { labels },
        spec: { nodeSelector: { none: 'none' }, containers: [{ name: 'seid', image }] },
      },
    },
  };
}

const kindOf = async (call: Promise<unknown>) =>
  classifyApiError(await call.catch((err: unknown) => err)).kind;

function createNode(name: string): Promise<SeiNode> {
  return nodes.create({
    name,
    spec: { chainId: 'pacific-1', image: 'seid:a', paused: true, fullNode: {} },
  });
}

describe('an apply of a StatefulSet by its UID', () => {
  it('is a conflict, and creates nothing, when the StatefulSet is missing', async () => {
    const key = { namespace, name: 'missing' };
    expect(await kindOf(api.applyStatefulSet(statefulSet('missing', 'seid:a'), ANOTHER_UID))).toBe(
      'conflict',
    );
    expect(await api.getStatefulSet(key)).toBeUndefined();
  });

  it('is a conflict, and changes nothing, when it is another one of that name', async () => {
    const created = await api.applyStatefulSet(statefulSet('other', 'seid:a'), undefined);
    expect(await kindOf(api.applyStatefulSet(statefulSet('other', 'seid:b'), ANOTHER_UID))).toBe(
      'conflict',
    );
    const after = await api.getStatefulSet({ namespace, name: 'other' });
    expect(after).toMatchObject({ uid: created.uid, generation: 1, templateImage: 'seid:a' });
  });

  it('changes the very one, and without a change writes nothing', async () => {
    const { uid } = await api.applyStatefulSet(statefulSet('same', 'seid:a'), undefined);
    const changed = await api.applyStatefulSet(statefulSet('same', 'seid:b'), uid);
    expect(changed).toMatchObject({ uid, generation: 2, templateImage: 'seid:b' });
    const repeated = await api.applyStatefulSet(statefulSet('same', 'seid:b'), uid);
    expect(repeated.generation).toBe(2);
  });
});

describe('a status patch', () => {
  it('changes what differs and leaves the fields of others alone', async () => {
    await createNode('patched');
    const before = await nodes.patchStatus('patched', {
      phase: 'Pending',
      resolvedPeers: ['a@b:1'],
    });
    const status: SeiNodeStatus = { currentImage: 'seid:a' };
    const after = await api.patchNodeStatus(before, status);
    expect(after.status).toEqual({ currentImage: 'seid:a', resolvedPeers: ['a@b:1'] });
    expect(await api.getNode({ namespace, name: 'patched' })).toEqual(after);
  });

  it('is a conflict when the node has changed since it was read', async () => {
    const before = await createNode('moved');
    await api.patchNodeStatus(before, { phase: 'Pending' });
    expect(await kindOf(api.patchNodeStatus(before, { phase: 'Running' }))).toBe('conflict');
  });

  it('is a conflict for a node that has been created again', async () => {
    const before = await createNode('anew');
    await nodes.run(['delete', 'seinode', 'anew']);
    await createNode('anew');
    expect(await kindOf(api.patchNodeStatus(before, { phase: 'Running' }))).toBe('conflict');
    const { metadata } = before;
    expect(
      await updateNodeStatus({ api, now: () => new Date() }, metadata, () => ({
        phase: 'Running',
      })),
    ).toEqual({
      kind: 'gone',
    });
  });
});

describe('an adoption', () => {
  const owner = { apiVersion: 'v1', kind: 'Other', name: 'other', controller: true };
  /** The garbage collector does not know this kind, so it leaves what names it. */
  const ownerReferences = [{ ...owner, apiVersion: 'other.io/v1', uid: ANOTHER_UID }];
  const read = async (name: string) =>
    (await api.getOwnedObjects({ namespace, name, configMap: name })).configMap;

  it('is refused for another object and for another version, and replaces the owners of the very one', async () => {
    const metadata = { namespace, name: 'adopted', labels: { 'sei.io/node': 'adopted' } };
    await api.createConfigMap({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
    const found = await read('adopted');
    if (found === undefined) throw new Error('there is no ConfigMap');
    const { name, uid, resourceVersion } = found;
    const map = { kind: 'ConfigMap', namespace, name, uid, resourceVersion } as const;
    const labels = { more: 'ours' };
    for (const parts of [{ uid: ANOTHER_UID }, { resourceVersion: '1' }]) {
      const adoption = api.adoptObject({ ...map, ...parts }, { ownerReferences });
      expect(await kindOf(adoption)).toBe('conflict');
    }
    expect(await read('adopted')).toEqual(found);
    await api.adoptObject(map, { ownerReferences, labels });
    const adopted = await read('adopted');
    expect(contentOf(adopted)).toMatchObject({
      metadata: { labels: { ...metadata.labels, ...labels }, ownerReferences },
    });
    const again = [{ ...ownerReferences[0], name: 'another' }] as typeof ownerReferences;
    const version = { ...map, resourceVersion: adopted?.resourceVersion ?? '' };
    await api.adoptObject(version, { ownerReferences: again });
    expect(contentOf(await read('adopted'))).toMatchObject({
      metadata: { ownerReferences: [{ name: 'another' }] },
    });
  });
});

describe('a delete of a pod', () => {
  it('is refused for another pod and for another version, and deletes the very one', async () => {
    await api.applyStatefulSet(statefulSet('podded', 'seid:a'), undefined);
    const key = { namespace, name: 'podded' };
    const pod = await vi.waitUntil(
      async () => (await api.listPods(key)).find(({ unschedulable }) => unschedulable),
      { timeout: DEADLINE_MS },
    );
    expect(pod).toMatchObject({ name: 'podded-0', node: 'podded', phase: 'Pending' });
    expect(await kindOf(api.deletePod({ ...pod, uid: ANOTHER_UID }, 120))).toBe('conflict');
    expect(await kindOf(api.deletePod({ ...pod, resourceVersion: '1' }, 120))).toBe('conflict');
    expect(await api.listPods(key)).toHaveLength(1);

    // The scheduler may write the pod's status at any time.
    await eventually('it is deleted', async () => {
      const current = (await api.listPods(key)).find(({ uid }) => uid === pod.uid);
      if (current !== undefined) await api.deletePod(current, 120);
      return current === undefined;
    });
    expect(await kindOf(api.deletePod(pod, 120))).toMatch(/^(notFound|conflict)$/);
  });
});

it('writes an event once, where kubectl describe shows it', async () => {
  const { metadata } = await createNode('eventful');
  const event = {
    about: { ...SEI_NODE_TYPE, ...metadata },
    name: 'eventful.1',
    type: 'Normal',
    reason: 'UpdateStarted',
    message: 'from seid:a to seid:b',
    at: new Date().toISOString(),
  } as const;
  await api.createEvent(event);
  await api.createEvent(event);
  const described = await nodes.run(['describe', 'seinode', 'eventful']);
  expect(described).toMatch(
    /Normal\s+UpdateStarted\s+\S+\s+seinode-controller\s+from seid:a to seid:b/,
  );
  expect(described.match(/UpdateStarted/g)).toHaveLength(1);
});

it('writes an event with its milliseconds, however much it says', async () => {
  const { metadata } = await createNode('talkative');
  await api.createEvent({
    about: { ...SEI_NODE_TYPE, ...metadata },
    name: 'talkative.1',
    type: 'Warning',
    reason: 'Stalled',
    message: 'x'.repeat(2_000),
    at: '2026-01-01T00:00:00.123Z',
  });
  const time = await nodes.run(['get', 'event', 'talkative.1', '-o', 'jsonpath={.eventTime}']);
  expect(time).toBe('2026-01-01T00:00:00.123000Z');
});

describe('the shared cache', () => {
  it('follows nodes, their StatefulSets and their pods over one connection each', async () => {
    let connected = 0;
    const count = (): void => {
      connected += 1;
    };
    subscribe('undici:client:connected', count);
    const own = connect({ kubeconfigPath: cluster.kubeconfigPath, userAgent: 'shared-cache-test' });
    const ownApi = createLiveClusterApi(own);
    const stop = new AbortController();
    const log = recordedLog();
    const key = { namespace, name: 'watched' };
    try {
      const cache = startSharedCache({
        connection: own,
        namespace,
        logger: log,
        signal: stop.signal,
      });
      await cache.whenSynced();
      const told: string[] = [];
      cache.subscribe(({ name }) => told.push(name));
      const node = await createNode('watched');
      await ownApi.applyStatefulSet(statefulSet('watched', 'seid:a'), undefined);
      await vi.waitUntil(
        () => cache.statefulSet(key)?.observedGeneration === 1 && cache.pods(key).length === 1,
        { timeout: DEADLINE_MS },
      );
      expect(cache.node(key)?.metadata.uid).toBe(node.metadata.uid);
      await vi.waitFor(
        async () => {
          expect(cache.pods(key)).toEqual(await ownApi.listPods(key));
          const { nextPod: _live, ...live } = (await ownApi.getStatefulSet(key)) ?? {};
          expect(cache.statefulSet(key)).toEqual(live);
        },
        { timeout: DEADLINE_MS },
      );
      expect(told).toContain('watched');

      const result = await updateNodeStatus(
        { api: ownApi, now: () => new Date(), cache },
        node.metadata,
        () => ({
          phase: 'Running',
        }),
      );
      expect(result.kind).toBe('written');
      await vi.waitUntil(() => cache.node(key)?.status?.phase === 'Running', {
        timeout: DEADLINE_MS,
      });
      expect(cache.node(key)).toEqual(await ownApi.getNode(key));
      await nodes.run(['delete', 'seinode', 'watched']);
      await vi.waitUntil(() => cache.node(key) === undefined, { timeout: DEADLINE_MS });
      expect(log.entries).toEqual([]);
      expect(connected).toBeLessThanOrEqual(3 + 4);
    } finally {
      unsubscribe('undici:client:connected', count);
      stop.abort();
      await own.close();
    }
  });

  it('reads what it saw before its node again, and keeps no content of what is foreign', async () => {
    let showNodes: () => void = () => undefined;
    const nodesShown = new Promise<void>((resolve) => {
      showNodes = resolve;
    });
    const behind: Pick<typeof connection, 'openStream' | 'getJson'> = {
      getJson: (path, signal) => connection.getJson(path, signal),
      openStream: async (path, options) => {
        if (path.includes('/seinodes?') && path.includes('watch=true')) await nodesShown;
        return await connection.openStream(path, options);
      },
    };
    const stop = new AbortController();
    const log = recordedLog();
    try {
      const cache = startSharedCache({
        connection: behind,
        namespace,
        logger: log,
        signal: stop.signal,
      });
      await cache.whenSynced();
      const { metadata } = await createNode('late');
      const named = { apiVersion: 'sei.io/v1alpha1', kind: 'SeiNode', name: 'late' };
      const owner = { ...named, uid: metadata.uid, controller: true };
      await api.applyStatefulSet(statefulSet('late', 'seid:a', [owner]), undefined);
      await api.applyStatefulSet(statefulSet('foreign', 'seid:a'), undefined);
      const seen = (name: string) =>
        cache.ownedObjects({ namespace, name, configMap: name }).statefulSet?.content.kind;
      const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: DEADLINE_MS });
      await until(() => seen('late') !== undefined && seen('foreign') !== undefined);
      expect([seen('late'), seen('foreign')]).toEqual(['foreign', 'foreign']);
      showNodes();
      await until(() => seen('late') === 'kept');
      expect(cache.ownedObjects({ namespace, name: 'late', configMap: 'late' })).toMatchObject({
        statefulSet: { owners: [owner] },
      });
      expect(seen('foreign')).toBe('foreign');
      expect(log.entries).toEqual([]);
    } finally {
      showNodes();
      stop.abort();
    }
  });

  it('is sent no content of foreign ConfigMaps and Services, and sees what others change in those of a node', async () => {
    const { metadata } = await createNode('content');
    const configMap = proxyConfigName(metadata);
    const owner = { apiVersion: 'sei.io/v1alpha1', kind: 'SeiNode', name: 'content' };
    const ownerReferences = [{ ...owner, uid: metadata.uid, controller: true }];
    const ours = (text: string): V1ConfigMap => ({
      ...labelled('ConfigMap', configMap, ownerReferences),
      data: { text },
    });
    const theirs = (text: string): V1ConfigMap => ({
      ...labelled('ConfigMap', 'theirs'),
      data: { text },
    });
    const theirService: V1Service = {
      ...labelled('Service', 'theirs'),
      spec: { clusterIP: 'None', selector: { app: 'theirs-3' } },
    };
    const ourUid = await api.createConfigMap(ours(''));
    const theirUid = await api.createConfigMap(theirs(''));
    await api.applyConfigMap(ours('ours-1'), ourUid);
    await api.applyConfigMap(theirs('theirs-1'), theirUid);

    let sent = '';
    const recorded: Pick<typeof connection, 'openStream' | 'getJson'> = {
      openStream: async (path, options) => {
        const stream = await connection.openStream(path, options);
        return (async function* () {
          for await (const chunk of stream) {
            sent += Buffer.from(chunk).toString('utf8');
            yield chunk;
          }
        })();
      },
      getJson: async (path, signal) => {
        const answer = await connection.getJson(path, signal);
        sent += JSON.stringify(answer);
        return answer;
      },
    };
    const stop = new AbortController();
    const log = recordedLog();
    try {
      const cache = startSharedCache({
        connection: recorded,
        namespace,
        logger: log,
        signal: stop.signal,
      });
      await cache.whenSynced();
      const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: DEADLINE_MS });
      const { name } = metadata;
      const textOf = () =>
        (
          contentOf(cache.ownedObjects({ namespace, name, configMap }).configMap) as
            | V1ConfigMap
            | undefined
        )?.data?.['text'];
      const foreign = () => cache.ownedObjects({ namespace, name: 'theirs', configMap: 'theirs' });
      await until(() => textOf() === 'ours-1');

      await api.applyConfigMap(theirs('theirs-2'), theirUid);
      await api.applyService(theirService, await api.createService(theirService));
      await api.applyConfigMap(ours('ours-2'), ourUid);
      await until(() => textOf() === 'ours-2' && foreign().service?.isApplied === true);
      expect(foreign()).toMatchObject({
        service: { node: 'theirs', isApplied: true, content: { kind: 'foreign' } },
        configMap: { uid: theirUid, isApplied: true, content: { kind: 'foreign' } },
      });
      expect(sent.match(/(ours|theirs)-\d/g)).toEqual(['ours-1', 'ours-2']);
      expect(log.entries).toEqual([]);
    } finally {
      stop.abort();
    }
  });
});
