import { setImmediate as turn } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ObjectKey } from '../../../domain/node/node-ref.ts';
import { keyOf, proxyConfigName } from '../../../domain/node/node-ref.ts';
import type { LiveObject } from '../../../domain/owned/live-object.ts';
import { ApiError } from '../../../kubernetes/api/api-error.ts';
import type { StreamOptions } from '../../../kubernetes/api/client.ts';
import type { SharedCache, SharedCacheOptions } from '../../../kubernetes/watch/shared-cache.ts';
import { startSharedCache } from '../../../kubernetes/watch/shared-cache.ts';
import { contentOf } from '../../support/cluster/content-of.ts';
import { recordedLog } from '../recorded-log.ts';

const NODES = '/apis/sei.io/v1alpha1/seinodes';
const STATEFUL_SETS = '/apis/apps/v1/statefulsets';
const SERVICES = '/api/v1/services';
const CONFIG_MAPS = '/api/v1/configmaps';
const PODS = '/api/v1/pods';

/** Of a busy machine; vitest's own of a second is not. */
const DEADLINE_MS = 15_000;

/** A connection whose lists are empty and whose watches bring what the test pushes, as much of it as they ask for. */
class PushedWatches {
  readonly paths: string[] = [];
  /** Of the resources whose lists or watches ask for less than all. */
  readonly accepts: Record<string, string[]> = {};
  /** What a list of one name finds, by its path. */
  readonly objects = new Map<string, object>();
  /** The names that were listed. */
  readonly reads: string[] = [];
  /** Thrown by the next of those lists. */
  readonly failures: Error[] = [];
  /** What each of those lists waits for, once it has looked. */
  answered: Promise<void> = Promise.resolve();
  private readonly pushers = new Map<string, (type: string, object: object) => void>();

  async getJson(path: string): Promise<unknown> {
    this.reads.push(new URLSearchParams(path.slice(path.indexOf('?'))).get('fieldSelector') ?? '');
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    const items = [this.objects.get(path)].filter((found) => found !== undefined);
    await this.answered;
    return { metadata: {}, items };
  }

  async openStream(
    path: string,
    { signal, accept }: { signal: AbortSignal; accept?: string | undefined },
  ): Promise<AsyncIterable<Uint8Array>> {
    const resource = path.slice(0, path.indexOf('?')).split('/').at(-1) ?? '';
    if (accept !== undefined) (this.accepts[resource] ??= []).push(accept);
    if (!path.includes('watch=true')) {
      this.paths.push(path);
      return new Blob(['{"metadata":{"resourceVersion":"1"},"items":[]}']).stream();
    }
    const brought = (whole: object) => (accept === undefined ? whole : metadataOf(whole));
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.pushers.set(resource, (type, whole) =>
          controller.enqueue(Buffer.from(`${JSON.stringify({ type, object: brought(whole) })}\n`)),
        );
        signal.addEventListener('abort', () => controller.close());
      },
    });
    return stream;
  }

  push(path: string, type: string, whole: object): void {
    const pusher = this.pushers.get(path.split('/').at(-1) ?? '');
    if (pusher === undefined) throw new Error(`no watch is open at ${path}`);
    pusher(type, whole);
  }

  isOpen(): boolean {
    return this.pushers.size === 5;
  }
}

function metadataOf(whole: object): object {
  const { metadata } = whole as { metadata?: object };
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata };
}

let connection: PushedWatches;
let cache: SharedCache;
let stop: AbortController;
let notified: string[];
let log: ReturnType<typeof recordedLog>;
let version = 1;

beforeEach(() => {
  connection = new PushedWatches();
  stop = new AbortController();
  log = recordedLog();
  notified = [];
});
afterEach(() => stop.abort());

async function start(options: Pick<SharedCacheOptions, 'contents'> = {}): Promise<void> {
  cache = startSharedCache({ ...options, connection, logger: log, signal: stop.signal });
  await cache.whenSynced();
  await vi.waitUntil(() => connection.isOpen(), { timeout: DEADLINE_MS });
  cache.subscribe((node) => notified.push(keyOf(node)));
}

/** Pushes an event and waits until its listeners have been called. */
async function push(path: string, type: string, object: object): Promise<void> {
  const before = notified.length;
  connection.push(path, type, object);
  await vi.waitUntil(() => notified.length > before, { timeout: DEADLINE_MS, interval: 1 });
}

function object(name: string, labels: object = {}): { metadata: object; spec: object } {
  version += 1;
  const uid = `uid-of-${name}`;
  return {
    metadata: { namespace: 'ns', name, uid, resourceVersion: String(version), labels },
    spec: { selector: {}, template: {} },
  };
}

const n0: ObjectKey = { namespace: 'ns', name: 'n0' };
const OF_N0 = { 'sei.io/node': 'n0' };
const CONFIG = proxyConfigName(n0);
/** More than is kept of any object. */
const HUGE = 'x'.repeat(300_000);

/** The object with a node as its controller. */
function ownedBy(node: string, owned: ReturnType<typeof object>, parts: object = {}) {
  const uid = `uid-of-${node}`;
  const owner = { apiVersion: 'sei.io/v1alpha1', kind: 'SeiNode', name: node, uid };
  const ownerReferences = [{ ...owner, controller: true, ...parts }];
  return { ...owned, metadata: { ...owned.metadata, ownerReferences } };
}

/** Everything in it is as large as an object may be, or as many. */
function hugeObject(name: string): object {
  const many = Array.from({ length: 5_000 }, (_, at) => `k${at}`);
  const labels: Record<string, string> = { 'sei.io/node': 'n0' };
  for (const key of many) labels[key] = 'v';
  const container = { name: HUGE, image: HUGE };
  const containers = [container, ...many.map((key) => ({ name: key, image: key }))];
  const owner = { apiVersion: HUGE, kind: HUGE, name: HUGE, uid: HUGE };
  const { metadata } = object(name, labels);
  return {
    metadata: {
      ...metadata,
      annotations: { note: HUGE },
      finalizers: [HUGE, ...many],
      ownerReferences: [
        owner,
        ...many.map((key) => ({ ...owner, apiVersion: 'v1', kind: 'K', name: key, uid: key })),
        { ...owner, controller: true },
      ],
    },
    spec: {
      initContainers: containers,
      containers,
      serviceName: HUGE,
      selector: { matchLabels: labels, matchExpressions: [{ key: 'k', operator: HUGE }] },
      template: { spec: { containers: [{ name: 'seid', image: HUGE }] } },
      volumeClaimTemplates: [HUGE, ...many].map((claim) => ({ metadata: { name: claim } })),
    },
    data: { theirs: HUGE },
    status: { reason: HUGE, message: HUGE },
  };
}

const named = (plural: string, name: string) =>
  `${plural.replace(/(?=\/[a-z]+$)/, '/namespaces/ns')}?fieldSelector=metadata.name%3D${name}`;

/** Changes an object of the node as a person would, and waits until the cache shows what there is of it then. */
async function change(path: string, whole: ReturnType<typeof object>): Promise<void> {
  const { name } = whole.metadata as { name: string };
  connection.objects.set(named(path, name), whole);
  const before = notified.length;
  connection.push(path, 'MODIFIED', whole);
  // The change, and what was read.
  await vi.waitUntil(() => notified.length > before + 1, { timeout: DEADLINE_MS, interval: 1 });
}

const withData = (text: string) => ({ ...ownedBy('n0', object(CONFIG, OF_N0)), data: { text } });
const content = () => contentOf(cache.ownedObjects({ ...n0, configMap: CONFIG }).configMap);

function kinds(): Readonly<Record<string, string | undefined>> {
  const found = Object.entries(cache.ownedObjects({ ...n0, configMap: CONFIG }));
  return Object.fromEntries(
    found.flatMap(([kind, live]: [string, LiveObject | undefined]) =>
      live === undefined ? [] : [[kind, live.content.kind]],
    ),
  );
}

const podOf = (node: string) => object('p', { 'sei.io/node': node });

describe('startSharedCache', () => {
  it('watches all namespaces, or one, and only what belongs to nodes or has their names', async () => {
    await start();
    const label = '?limit=500&labelSelector=sei.io%2Fnode';
    expect(connection.paths).toEqual([
      `${NODES}?limit=500`,
      PODS + label,
      `${STATEFUL_SETS}?limit=500`,
      SERVICES + label,
      CONFIG_MAPS + label,
    ]);

    connection.paths.length = 0;
    const options = { connection, namespace: 'ns', logger: log, signal: stop.signal };
    await startSharedCache(options).whenSynced();
    expect(connection.paths).toEqual([
      '/apis/sei.io/v1alpha1/namespaces/ns/seinodes?limit=500',
      `/api/v1/namespaces/ns/pods${label}`,
      `/apis/apps/v1/namespaces/ns/statefulsets?limit=500`,
      `/api/v1/namespaces/ns/services${label}`,
      `/api/v1/namespaces/ns/configmaps${label}`,
    ]);
  });

  it('tells of a change of the node, and of all that belongs to it, by the node', async () => {
    await start();
    await push(NODES, 'ADDED', object('n0'));
    await push(STATEFUL_SETS, 'ADDED', object('n0'));
    await push(SERVICES, 'ADDED', object('n0', OF_N0));
    await push(CONFIG_MAPS, 'ADDED', object('config', OF_N0));
    await push(PODS, 'ADDED', podOf('n0'));
    expect(notified).toEqual(['ns/n0', 'ns/n0', 'ns/n0', 'ns/n0', 'ns/n0']);
    expect(cache.node(n0)?.metadata.uid).toBe('uid-of-n0');
    expect([...cache.nodes()]).toEqual([cache.node(n0)]);
    expect(cache.statefulSet(n0)?.uid).toBe('uid-of-n0');
    expect(cache.pods(n0).map(({ name }) => name)).toEqual(['p']);
    expect(cache.pods({ namespace: 'other', name: 'n0' })).toEqual([]);
  });

  it('finds what a node consists of under the names that it has', async () => {
    await start();
    await push(STATEFUL_SETS, 'ADDED', object('n0'));
    await push(SERVICES, 'ADDED', object('n0', OF_N0));
    await push(CONFIG_MAPS, 'ADDED', object('config', OF_N0));
    const { statefulSet, service, configMap } = cache.ownedObjects({ ...n0, configMap: 'config' });
    expect([statefulSet?.uid, service?.uid, configMap?.uid]).toEqual([
      'uid-of-n0',
      'uid-of-n0',
      'uid-of-config',
    ]);
    expect(cache.ownedObjects({ ...n0, configMap: 'other' }).configMap).toBeUndefined();
    expect(cache.ownedObjects({ ...n0, namespace: 'other', configMap: 'config' })).toEqual({});
  });

  it('lists nodes before what they consist of, so that it knows what is whose', async () => {
    const lists: string[] = [];
    let answer: () => void = () => undefined;
    const nodesListed = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow = {
      getJson: (path: string) => connection.getJson(path),
      openStream: async (path: string, options: StreamOptions) => {
        lists.push(path);
        if (path.startsWith(NODES)) await nodesListed;
        return await connection.openStream(path, options);
      },
    };
    const waiting = startSharedCache({ connection: slow, logger: log, signal: stop.signal });
    await turn();
    expect(lists.filter((path) => !path.startsWith(PODS))).toEqual([`${NODES}?limit=500`]);
    answer();
    await waiting.whenSynced();
    expect(lists).toEqual(expect.arrayContaining([`${STATEFUL_SETS}?limit=500`]));
  });

  it('keeps what rendered fields are compared with of what a known node controls', async () => {
    await start();
    await push(NODES, 'ADDED', object('n0'));
    await push(STATEFUL_SETS, 'ADDED', ownedBy('n0', object('n0')));
    await change(SERVICES, ownedBy('n0', object('n0', OF_N0)));
    await change(CONFIG_MAPS, withData('ours'));
    expect(kinds()).toEqual({ statefulSet: 'kept', service: 'kept', configMap: 'kept' });
    expect(content()).toMatchObject({ data: { text: 'ours' } });
  });

  it('is sent the metadata alone of Services and ConfigMaps', async () => {
    await start();
    const forms = ['List', ''].map(
      (list) => `application/json;as=PartialObjectMetadata${list};g=meta.k8s.io;v=v1`,
    );
    expect(connection.accepts).toEqual({ services: forms, configmaps: forms });
  });

  it('says nothing of the content of what it has not read yet', async () => {
    await start();
    await push(NODES, 'ADDED', object('n0'));
    connection.answered = new Promise(() => undefined);
    await push(CONFIG_MAPS, 'ADDED', withData('ours'));
    expect(kinds()).toEqual({ configMap: 'unread' });
  });

  it('reads what changes, and shows what it read last until then', async () => {
    await start();
    await push(NODES, 'ADDED', object('n0'));
    await change(CONFIG_MAPS, withData('one'));
    let answer: () => void = () => undefined;
    connection.answered = new Promise((resolve) => {
      answer = resolve;
    });
    const two = withData('two');
    connection.objects.set(named(CONFIG_MAPS, CONFIG), two);
    await push(CONFIG_MAPS, 'MODIFIED', two);
    expect(content()).toMatchObject({ data: { text: 'one' } });
    const before = notified.length;
    answer();
    await vi.waitUntil(() => notified.length > before, { timeout: DEADLINE_MS, interval: 1 });
    expect(content()).toMatchObject({ data: { text: 'two' } });
    expect(connection.reads).toEqual(Array(2).fill(`metadata.name=${CONFIG}`));
  });

  it('reads once more, however often an object has changed while it was read', async () => {
    await start();
    await push(NODES, 'ADDED', object('n0'));
    let answer: () => void = () => undefined;
    connection.answered = new Promise((resolve) => {
      answer = resolve;
    });
    for (const text of ['one', 'two', 'three', 'four']) {
      const config = withData(text);
      connection.objects.set(named(CONFIG_MAPS, CONFIG), config);
      await push(CONFIG_MAPS, 'MODIFIED', config);
    }
    answer();
    await vi.waitUntil(
      () => (content() as { data: { text: string } } | undefined)?.data.text === 'four',
      {
        timeout: DEADLINE_MS,
        interval: 1,
      },
    );
    expect(connection.reads).toHaveLength(2);
  });

  it('shows the content of an object that changes faster than it is read', async () => {
    await start();
    await push(NODES, 'ADDED', object('n0'));
    const seen = withData('drifted');
    // What is read is newer than what the watch has brought, which never catches up.
    connection.objects.set(named(CONFIG_MAPS, CONFIG), withData('drifted more'));
    await push(CONFIG_MAPS, 'MODIFIED', seen);
    await vi.waitUntil(() => kinds().configMap === 'kept', { timeout: DEADLINE_MS, interval: 1 });
    expect(content()).toMatchObject({ data: { text: 'drifted more' } });
    await push(CONFIG_MAPS, 'MODIFIED', withData('and more'));
    expect(kinds().configMap).toBe('kept');
  });

  it('takes no content of an earlier object of the name', async () => {
    await start();
    await push(NODES, 'ADDED', object('n0'));
    await change(CONFIG_MAPS, withData('of before'));
    connection.answered = new Promise(() => undefined);
    const { metadata, ...rest } = withData('anew');
    connection.push(CONFIG_MAPS, 'MODIFIED', {
      ...rest,
      metadata: { ...metadata, uid: 'another' },
    });
    await vi.waitUntil(() => kinds().configMap !== 'kept', { timeout: DEADLINE_MS, interval: 1 });
    expect(kinds().configMap).toBe('unread');
  });

  it('forgets the content of what is taken from its node', async () => {
    await start();
    await push(NODES, 'ADDED', object('n0'));
    await change(CONFIG_MAPS, withData('ours'));
    await push(CONFIG_MAPS, 'MODIFIED', object(CONFIG, OF_N0));
    expect(kinds().configMap).toBe('foreign');
    connection.answered = new Promise(() => undefined);
    await push(CONFIG_MAPS, 'MODIFIED', withData('ours again'));
    expect(kinds().configMap).toBe('unread');
  });

  it('believes the watch, and no reading that is older, about whose an object is', async () => {
    await start();
    await push(NODES, 'ADDED', object('n0'));
    let answer: () => void = () => undefined;
    connection.answered = new Promise((resolve) => {
      answer = resolve;
    });
    const ours = withData('ours');
    connection.objects.set(named(CONFIG_MAPS, CONFIG), ours);
    await push(CONFIG_MAPS, 'MODIFIED', ours);
    await push(CONFIG_MAPS, 'MODIFIED', object(CONFIG, OF_N0));
    answer();
    // Objects are read one after the other.
    await change(SERVICES, ownedBy('n0', object('n0', OF_N0)));
    expect(kinds()).toEqual({ service: 'kept', configMap: 'foreign' });
    expect(cache.ownedObjects({ ...n0, configMap: CONFIG }).configMap?.owners).toEqual([]);
  });

  it('reads nothing for those who compare nothing', async () => {
    await start({ contents: 'unread' });
    await push(NODES, 'ADDED', object('n0'));
    await push(SERVICES, 'ADDED', ownedBy('n0', object('n0', OF_N0)));
    await push(CONFIG_MAPS, 'ADDED', withData('ours'));
    await push(NODES, 'DELETED', object('n0'));
    await push(NODES, 'ADDED', object('n0'));
    expect(kinds()).toEqual({ service: 'unread', configMap: 'unread' });
    expect(connection.reads).toEqual([]);
  });

  it.each<[string, object]>([
    ['nobody controls', object(CONFIG, OF_N0)],
    ['another object controls', ownedBy('n0', object(CONFIG, OF_N0), { uid: 'uid-of-another' })],
    ['an earlier node controls', ownedBy('n0', object(CONFIG, OF_N0), { uid: 'uid-of-before' })],
    ['a node that is not known controls', ownedBy('n1', object(CONFIG, OF_N0))],
    ['the node only owns', ownedBy('n0', object(CONFIG, OF_N0), { controller: false })],
  ])('keeps nothing of the content of what %s', async (_, foreign) => {
    await start();
    await push(NODES, 'ADDED', object('n0'));
    await push(CONFIG_MAPS, 'ADDED', foreign);
    expect(kinds().configMap).toBe('foreign');
    expect(connection.reads).toEqual([]);
  });

  it('keeps nothing of the content of what a node controls and does not consist of', async () => {
    await start();
    await push(NODES, 'ADDED', object('n0'));
    await push(CONFIG_MAPS, 'ADDED', ownedBy('n0', object('more', OF_N0)));
    const { configMap } = cache.ownedObjects({ ...n0, configMap: 'more' });
    expect(configMap?.content.kind).toBe('foreign');
    expect(connection.reads).toEqual([]);
  });

  it('keeps nothing of the content of a node that has grown beyond all that is rendered', async () => {
    await start();
    await push(NODES, 'ADDED', object('n0'));
    await change(CONFIG_MAPS, withData(HUGE));
    expect(kinds().configMap).toBe('too-large');
  });

  it('keeps of foreign objects so little that neither their size nor what is in them matters', async () => {
    await start();
    const huge = hugeObject('n0');
    for (const path of [STATEFUL_SETS, SERVICES, CONFIG_MAPS, PODS])
      await push(path, 'ADDED', huge);
    const { statefulSet, service, configMap } = cache.ownedObjects({ ...n0, configMap: 'n0' });
    const [pod] = cache.pods(n0);
    const foreign = [cache.statefulSet(n0), statefulSet, service, configMap, pod];
    for (const kept of foreign) {
      expect(kept).toMatchObject({ uid: 'uid-of-n0' });
      expect(JSON.stringify(kept).length).toBeLessThan(16 * 1024);
    }
  });

  it('reads what came before its node again, and tells the node', async () => {
    await start();
    const statefulSet = ownedBy('n0', object('n0'));
    connection.objects.set(named(STATEFUL_SETS, 'n0'), statefulSet);
    connection.failures.push(new ApiError(503, '{}'));
    await push(STATEFUL_SETS, 'ADDED', statefulSet);
    expect(kinds().statefulSet).toBe('foreign');
    await push(NODES, 'ADDED', object('n0'));
    await vi.waitUntil(() => kinds().statefulSet === 'kept', { timeout: DEADLINE_MS });
    expect(notified).toEqual(['ns/n0', 'ns/n0', 'ns/n0']);
    expect(connection.failures).toEqual([]);
  });

  it('does not bring back what was deleted while it was read again', async () => {
    await start();
    const config = ownedBy('n0', object(CONFIG, OF_N0));
    const service = ownedBy('n0', object('n0', OF_N0));
    await push(CONFIG_MAPS, 'ADDED', config);
    await push(SERVICES, 'ADDED', service);
    connection.objects.set(named(SERVICES, 'n0'), service);
    connection.objects.set(named(CONFIG_MAPS, CONFIG), config);
    connection.push(NODES, 'ADDED', object('n0'));
    connection.push(SERVICES, 'DELETED', service);
    await vi.waitUntil(() => kinds().configMap === 'kept', { timeout: DEADLINE_MS });
    expect(kinds()).toEqual({ configMap: 'kept' });
  });

  it('forgets what is deleted', async () => {
    await start();
    for (const path of [NODES, STATEFUL_SETS, SERVICES, CONFIG_MAPS]) {
      await push(path, 'ADDED', object('n0', OF_N0));
      await push(path, 'DELETED', object('n0', OF_N0));
    }
    await push(PODS, 'ADDED', podOf('n0'));
    await push(PODS, 'DELETED', podOf('n0'));
    expect(cache.node(n0)).toBeUndefined();
    expect(cache.statefulSet(n0)).toBeUndefined();
    expect(cache.ownedObjects({ ...n0, configMap: 'n0' })).toEqual({});
    expect(cache.pods(n0)).toEqual([]);
    expect(notified).toHaveLength(10);
  });

  it('moves a pod whose label names another node, and tells both', async () => {
    await start();
    await push(PODS, 'ADDED', podOf('n0'));
    await push(PODS, 'MODIFIED', podOf('n0'));
    await push(PODS, 'MODIFIED', podOf('n1'));
    expect(notified).toEqual(['ns/n0', 'ns/n0', 'ns/n0', 'ns/n1']);
    expect(cache.pods(n0)).toEqual([]);
    expect(cache.pods({ namespace: 'ns', name: 'n1' })).toHaveLength(1);
  });

  it('goes on when a listener throws, and tells the others', async () => {
    await start();
    cache.subscribe(() => {
      throw new Error('listener');
    });
    const after: string[] = [];
    cache.subscribe(({ name }) => after.push(name));
    await push(NODES, 'ADDED', object('n0'));
    expect(after).toEqual(['n0']);
    expect(log.entries.map(({ message }) => message)).toEqual([
      'A listener of the shared cache threw',
    ]);
  });

  it('tells nothing after a subscription has ended', async () => {
    await start();
    const ended: string[] = [];
    const end = cache.subscribe(({ name }) => ended.push(name));
    end();
    await push(NODES, 'ADDED', object('n0'));
    expect(ended).toEqual([]);
  });

  it('tells those that wait for one node of its own changes alone, whatever it is that changes', async () => {
    await start();
    const heard: string[] = [];
    cache.subscribeTo(n0, () => heard.push('n0'));
    cache.subscribeTo({ ...n0, name: 'n1' }, () => heard.push('n1'));
    await push(NODES, 'ADDED', object('n0'));
    await push(STATEFUL_SETS, 'ADDED', object('n0'));
    await push(SERVICES, 'ADDED', object('n0', OF_N0));
    await push(PODS, 'ADDED', podOf('n0'));
    expect(heard).toEqual(['n0', 'n0', 'n0', 'n0']);
    await push(NODES, 'ADDED', object('n1'));
    expect(heard.slice(4)).toEqual(['n1']);
  });

  it('knows which watch has been silent, and for how long', async () => {
    await start();
    expect(cache.hasSynced({ namespace: 'nodes' })).toBe(true);
    expect(cache.health().map(({ resource, hasSynced }) => [resource, hasSynced])).toEqual([
      ['seinodes', true],
      ['statefulsets', true],
      ['services', true],
      ['configmaps', true],
      ['pods', true],
    ]);
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + 70_000);
    await push(NODES, 'ADDED', object('n0'));
    expect(cache.staleMs({ namespace: 'nodes' })).toBeGreaterThanOrEqual(70_000);
    expect(cache.health()[0]?.lastContactAt).toBe(now + 70_000);
    vi.restoreAllMocks();
  });

  it('has been silent for ever before it has listed', async () => {
    const nothing = () => new Promise<never>(() => undefined);
    const never = { openStream: nothing, getJson: nothing };
    const waiting = startSharedCache({ connection: never, logger: log, signal: stop.signal });
    await turn();
    expect(waiting.hasSynced({ namespace: 'nodes' })).toBe(false);
    expect(waiting.staleMs({ namespace: 'nodes' })).toBe(Infinity);
  });
});
