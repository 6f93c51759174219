import { setImmediate as turn } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { ObjectKey } from '../../domain/node-ref.ts';
import { keyOf } from '../../domain/node-ref.ts';
import type { SharedCache } from '../../kubernetes/shared-cache.ts';
import { startSharedCache } from '../../kubernetes/shared-cache.ts';
import { recordedLog } from './recorded-log.ts';

const NODES = '/apis/sei.io/v1alpha1/seinodes';
const STATEFUL_SETS = '/apis/apps/v1/statefulsets';
const SERVICES = '/api/v1/services';
const CONFIG_MAPS = '/api/v1/configmaps';
const PODS = '/api/v1/pods';

/** Of a busy machine; vitest's own of a second is not. */
const DEADLINE_MS = 15_000;

/** A connection whose lists are empty and whose watches bring what the test pushes. */
class PushedWatches {
  readonly paths: string[] = [];
  private readonly pushers = new Map<string, (line: string) => void>();

  async openStream(
    path: string,
    { signal }: { signal: AbortSignal },
  ): Promise<AsyncIterable<Uint8Array>> {
    if (!path.includes('watch=true')) {
      this.paths.push(path);
      return new Blob(['{"metadata":{"resourceVersion":"1"},"items":[]}']).stream();
    }
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        const resource = path.slice(0, path.indexOf('?')).split('/').at(-1) ?? '';
        this.pushers.set(resource, (line) => controller.enqueue(Buffer.from(line)));
        signal.addEventListener('abort', () => controller.close());
      },
    });
    return stream;
  }

  push(path: string, type: string, object: object): void {
    const pusher = this.pushers.get(path.split('/').at(-1) ?? '');
    if (pusher === undefined) throw new Error(`no watch is open at ${path}`);
    pusher(`${JSON.stringify({ type, object })}\n`);
  }

  isOpen(): boolean {
    return this.pushers.size === 5;
  }
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

async function start(namespace?: string): Promise<void> {
  cache = startSharedCache({ connection, namespace, logger: log, signal: stop.signal });
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
const podOf = (node: string) => object('p', { 'sei.io/node': node });

describe('startSharedCache', () => {
  it('watches all namespaces, or one, and only what belongs to nodes or has their names', async () => {
    await start();
    const label = '?limit=500&labelSelector=sei.io%2Fnode';
    expect(connection.paths).toEqual([
      `${NODES}?limit=500`,
      `${STATEFUL_SETS}?limit=500`,
      SERVICES + label,
      CONFIG_MAPS + label,
      PODS + label,
    ]);

    connection.paths.length = 0;
    startSharedCache({ connection, namespace: 'ns', logger: log, signal: stop.signal });
    expect(connection.paths).toEqual([
      '/apis/sei.io/v1alpha1/namespaces/ns/seinodes?limit=500',
      `/apis/apps/v1/namespaces/ns/statefulsets?limit=500`,
      `/api/v1/namespaces/ns/services${label}`,
      `/api/v1/namespaces/ns/configmaps${label}`,
      `/api/v1/namespaces/ns/pods${label}`,
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

  it('knows which watch has been silent, and for how long', async () => {
    await start();
    expect(cache.hasSynced()).toBe(true);
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
    expect(cache.staleMs()).toBeGreaterThanOrEqual(70_000);
    expect(cache.health()[0]?.lastContactAt).toBe(now + 70_000);
    vi.restoreAllMocks();
  });

  it('has been silent for ever before it has listed', async () => {
    const never = { openStream: () => new Promise<never>(() => undefined) };
    const waiting = startSharedCache({ connection: never, logger: log, signal: stop.signal });
    await turn();
    expect(waiting.hasSynced()).toBe(false);
    expect(waiting.staleMs()).toBe(Infinity);
  });
});
