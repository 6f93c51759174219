import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { keyOf } from '../../../domain/node/node-ref.ts';
import { startServedCache } from '../../../kubernetes/watch/served-cache.ts';
import type { SharedCache } from '../../../kubernetes/watch/shared-cache.ts';
import { recordedLog } from '../recorded-log.ts';

const DEADLINE_MS = 15_000;

/** An API server with objects in its lists, by path, and watches that bring what the test pushes. */
class ListedObjects {
  readonly lists: string[] = [];
  /** Lists of these paths are not answered. */
  readonly silent = new Set<string>();
  private readonly waiting = new Map<string, () => void>();
  private readonly items: ReadonlyMap<string, object>;
  private readonly pushers = new Map<string, (event: object) => void>();

  constructor(items: ReadonlyMap<string, object>) {
    this.items = items;
  }

  /** None of these has a Service or ConfigMap to be read. */
  async getJson(path: string): Promise<unknown> {
    throw new Error(`${path} is read`);
  }

  async openStream(
    url: string,
    { signal }: { signal: AbortSignal },
  ): Promise<AsyncIterable<Uint8Array>> {
    const path = url.slice(0, url.indexOf('?'));
    if (!url.includes('watch=true')) {
      this.lists.push(path);
      if (this.silent.has(path)) {
        await new Promise<void>((resolve) => this.waiting.set(path, resolve));
      }
      const items = [this.items.get(path)].filter((item) => item !== undefined);
      return new Blob([JSON.stringify({ metadata: { resourceVersion: '1' }, items })]).stream();
    }
    return new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.pushers.set(path, (event) =>
          controller.enqueue(Buffer.from(`${JSON.stringify(event)}\n`)),
        );
        signal.addEventListener('abort', () => controller.close());
      },
    });
  }

  /** From now on, and what waits for it. */
  answer(path: string): void {
    this.silent.delete(path);
    this.waiting.get(path)?.();
  }

  async push(path: string, object: object): Promise<void> {
    await vi.waitUntil(() => this.pushers.has(path), { timeout: DEADLINE_MS });
    this.pushers.get(path)?.({ type: 'ADDED', object });
  }
}

const nodesOf = (namespace: string) => `/apis/sei.io/v1alpha1/namespaces/${namespace}/seinodes`;
const podsOf = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`;
const statefulSetsOf = (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/statefulsets`;

const pathsOf = (namespace: string) => [
  nodesOf(namespace),
  podsOf(namespace),
  statefulSetsOf(namespace),
  `/api/v1/namespaces/${namespace}/services`,
  `/api/v1/namespaces/${namespace}/configmaps`,
];

const objectOf = (namespace: string, name: string) => ({
  metadata: {
    namespace,
    name,
    uid: `${namespace}-${name}`,
    resourceVersion: '2',
    labels: { 'sei.io/node': 'n0' },
  },
  spec: { selector: {}, template: {} },
});

let connection: ListedObjects;
let stop: AbortController;

beforeEach(() => {
  // Nodes of one name, in three namespaces.
  const items = ['a', 'b', 'c'].flatMap((namespace) => [
    [nodesOf(namespace), objectOf(namespace, 'n0')] as const,
    [statefulSetsOf(namespace), objectOf(namespace, 'n0')] as const,
    [podsOf(namespace), objectOf(namespace, 'n0-0')] as const,
  ]);
  connection = new ListedObjects(new Map(items));
  stop = new AbortController();
});
afterEach(() => stop.abort());

function start(namespaces: readonly string[] | undefined): SharedCache {
  return startServedCache({ connection, namespaces, logger: recordedLog(), signal: stop.signal });
}

async function synced(namespaces: readonly string[] | undefined): Promise<SharedCache> {
  const cache = start(namespaces);
  await cache.whenSynced();
  return cache;
}

describe('startServedCache', () => {
  it('asks for each of several namespaces, and never for all', async () => {
    await synced(['a', 'b']);
    expect(connection.lists).toHaveLength(10);
    const asked = connection.lists.map((path) => /\/namespaces\/(.*)\//.exec(path)?.[1]);
    expect(new Set(asked)).toEqual(new Set(['a', 'b']));
  });

  it('asks once where all are served, or one', async () => {
    const all = await synced(undefined);
    expect(connection.lists).toContain('/apis/sei.io/v1alpha1/seinodes');
    expect(connection.lists).toHaveLength(5);
    const one = await synced(['a']);
    expect(connection.lists.slice(5)).toContain(nodesOf('a'));
    expect(connection.lists).toHaveLength(10);
    expect([...all.health(), ...one.health()].flatMap(({ namespace }) => namespace ?? [])).toEqual(
      [],
    );
  });

  it('tells apart what has one name in two namespaces, and knows nothing of a third', async () => {
    const cache = await synced(['a', 'b']);
    expect([...cache.nodes()].map(({ metadata }) => keyOf(metadata))).toEqual(['a/n0', 'b/n0']);
    for (const namespace of ['a', 'b']) {
      const key = { namespace, name: 'n0' };
      expect(cache.node(key)?.metadata.uid).toBe(`${namespace}-n0`);
      expect(cache.statefulSet(key)?.uid).toBe(`${namespace}-n0`);
      expect(cache.ownedObjects({ ...key, configMap: 'x' }).statefulSet?.uid).toBe(
        `${namespace}-n0`,
      );
      expect(cache.pods(key).map(({ uid }) => uid)).toEqual([`${namespace}-n0-0`]);
    }
    const third = { namespace: 'c', name: 'n0' };
    expect(cache.node(third)).toBeUndefined();
    expect(cache.statefulSet(third)).toBeUndefined();
    expect(cache.ownedObjects({ ...third, configMap: 'x' })).toEqual({});
    expect(cache.pods(third)).toEqual([]);
  });

  it('notifies of changes in each namespace until the subscription ends', async () => {
    const cache = await synced(['a', 'b']);
    const told: string[] = [];
    const still: string[] = [];
    const end = cache.subscribe((key) => told.push(keyOf(key)));
    cache.subscribe((key) => still.push(keyOf(key)));
    await connection.push(nodesOf('a'), objectOf('a', 'n1'));
    await connection.push(nodesOf('b'), objectOf('b', 'n1'));
    await vi.waitUntil(() => still.length === 2, { timeout: DEADLINE_MS });
    expect(told.toSorted()).toEqual(['a/n1', 'b/n1']);
    end();
    await connection.push(nodesOf('b'), objectOf('b', 'n2'));
    await vi.waitUntil(() => still.length === 3, { timeout: DEADLINE_MS });
    expect(told).toHaveLength(2);
  });

  it('notifies whoever waits for one node of its changes, in whichever namespace it is', async () => {
    const cache = await synced(['a', 'b']);
    const told: string[] = [];
    const all: string[] = [];
    const ends = ['a', 'b', 'c'].map((namespace) =>
      cache.subscribeTo({ namespace, name: 'n1' }, () => told.push(namespace)),
    );
    cache.subscribe((key) => all.push(keyOf(key)));
    await connection.push(nodesOf('b'), objectOf('b', 'n1'));
    await vi.waitUntil(() => all.length === 1, { timeout: DEADLINE_MS });
    expect(told).toEqual(['b']);
    await connection.push(nodesOf('a'), objectOf('a', 'n1'));
    await vi.waitUntil(() => all.length === 2, { timeout: DEADLINE_MS });
    expect(told).toEqual(['b', 'a']);
    for (const end of ends) end();
    await connection.push(podsOf('b'), {
      metadata: { ...objectOf('b', 'n1-0').metadata, labels: { 'sei.io/node': 'n1' } },
    });
    await vi.waitUntil(() => all.length === 3, { timeout: DEADLINE_MS });
    expect(told).toHaveLength(2);
  });

  it('has listed one namespace while a watch of another has not, and names it', async () => {
    connection.silent.add(podsOf('b'));
    const cache = start(['a', 'b']);
    const told: string[] = [];
    cache.subscribe((key) => told.push(keyOf(key)));
    const listed = () => cache.health().filter(({ hasSynced }) => hasSynced).length;
    await vi.waitUntil(() => listed() === 9, { timeout: DEADLINE_MS });
    await cache.whenAnySynced();
    expect(['a', 'b', 'c'].map((namespace) => cache.hasSynced({ namespace }))).toEqual([
      true,
      false,
      // Nothing is to come of what is not served.
      true,
    ]);
    expect(cache.health().filter(({ hasSynced }) => !hasSynced)).toEqual([
      { resource: 'pods', namespace: 'b', hasSynced: false, lastContactAt: undefined },
    ]);
    expect(cache.staleMs({ namespace: 'a' })).toBeLessThan(DEADLINE_MS);
    expect(cache.staleMs({ namespace: 'b' })).toBe(Infinity);
    expect(cache.staleMs({ namespace: 'c' })).toBe(Infinity);
  });

  it('notifies of each node of a namespace once all of it is listed', async () => {
    connection.silent.add(podsOf('b'));
    const cache = start(['a', 'b']);
    const listed = () => cache.health().filter(({ hasSynced }) => hasSynced).length;
    await vi.waitUntil(() => listed() === 9, { timeout: DEADLINE_MS });
    const told: string[] = [];
    cache.subscribe((key) => told.push(`${keyOf(key)} ${cache.hasSynced(key)}`));
    connection.answer(podsOf('b'));
    await cache.whenSynced();
    expect(told).toContain('b/n0 true');
  });

  it('is as stale of each namespace as the watch of it that was not heard for longest', async () => {
    const cache = await synced(['a', 'b']);
    const now = Date.now();
    vi.spyOn(Date, 'now').mockReturnValue(now + 70_000);
    const heard = () => cache.health().filter(({ lastContactAt }) => lastContactAt === Date.now());
    for (const path of pathsOf('a')) await connection.push(path, objectOf('a', 'n1'));
    await vi.waitUntil(() => heard().length === 5, { timeout: DEADLINE_MS });
    expect(new Set(heard().map(({ namespace }) => namespace))).toEqual(new Set(['a']));
    expect(cache.staleMs({ namespace: 'a' })).toBe(0);
    expect(cache.staleMs({ namespace: 'b' })).toBeGreaterThanOrEqual(70_000);
    vi.restoreAllMocks();
  });
});
