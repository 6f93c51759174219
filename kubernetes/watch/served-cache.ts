import type { ObjectKey } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { SharedCache, SharedCacheOptions } from './shared-cache.ts';
import { startSharedCache } from './shared-cache.ts';

export interface ServedCacheOptions extends Omit<SharedCacheOptions, 'namespace'> {
  /** Undefined: all. */
  readonly namespaces: readonly string[] | undefined;
}

/**
 * Watches all namespaces at once, or each of the served ones separately: an account that may see several, but not all,
 * may not ask for all of them.
 */
export function startServedCache({ namespaces, ...options }: ServedCacheOptions): SharedCache {
  if (namespaces === undefined) return startSharedCache(options);
  const of = (namespace: string): SharedCache => startSharedCache({ ...options, namespace });
  const [first, ...more] = namespaces;
  if (first !== undefined && more.length === 0) return of(first);
  return joinedCache(new Map(namespaces.map((namespace) => [namespace, of(namespace)])));
}

/** Joins the caches of several namespaces. The result knows nothing of any other namespace. */
function joinedCache(caches: ReadonlyMap<string, SharedCache>): SharedCache {
  const all = [...caches.values()];
  const cacheOf = ({ namespace }: Pick<ObjectKey, 'namespace'>) => caches.get(namespace);
  return {
    node: (key) => cacheOf(key)?.node(key),
    nodes: () => nodesOf(all),
    statefulSet: (key) => cacheOf(key)?.statefulSet(key),
    ownedObjects: (names) =>
      cacheOf(names)?.ownedObjects(names) ?? {
        statefulSet: undefined,
        service: undefined,
        configMap: undefined,
      },
    pods: (node) => cacheOf(node)?.pods(node) ?? [],
    subscribe: (listener) => {
      const ends = all.map((cache) => cache.subscribe(listener));
      return () => {
        for (const end of ends) end();
      };
    },
    subscribeTo: (node, listener) => cacheOf(node)?.subscribeTo(node, listener) ?? noChanges,
    whenSynced: async () => {
      await Promise.all(all.map((cache) => cache.whenSynced()));
    },
    // Each promise rejects only when the process ends.
    whenAnySynced: () => Promise.race(all.map((cache) => cache.whenSynced())),
    hasSynced: (of) => cacheOf(of)?.hasSynced(of) ?? true,
    health: () =>
      [...caches].flatMap(([namespace, cache]) =>
        cache.health().map((watch) => ({ ...watch, namespace })),
      ),
    // The rights to one namespace, or the namespace, may be gone: that says nothing about the others.
    staleMs: (of) => cacheOf(of)?.staleMs(of) ?? Infinity,
  };
}

/** Ends a subscription to something that never changes. */
function noChanges(): void {
  // There is nothing to end.
}

function* nodesOf(caches: readonly SharedCache[]): Iterable<SeiNode> {
  for (const cache of caches) yield* cache.nodes();
}
