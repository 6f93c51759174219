import type { ObjectKey, OwnedNames } from '../../../domain/node/node-ref.ts';
import { keyOf } from '../../../domain/node/node-ref.ts';
import type { SeiNode } from '../../../domain/node/sei-node.ts';
import type { LiveObject } from '../../../domain/owned/live-object.ts';
import type { PodView } from '../../../domain/pod/pod-view.ts';
import type { StatefulSetView } from '../../../domain/pod/stateful-set-view.ts';
import type { ClusterCache, OwnedObjects } from '../../../kubernetes/cluster.ts';
import { liveObject } from '../../../kubernetes/views/live-object.ts';
import { podView } from '../../../kubernetes/views/pod-view.ts';
import { statefulSetView } from '../../../kubernetes/views/stateful-set-view.ts';
import { ChangeListeners } from '../../../kubernetes/watch/change-listeners.ts';
import { keyOfObject } from './object-table.ts';
import type { Change } from './tables.ts';

const KINDS = ['node', 'statefulSet', 'service', 'configMap', 'pod'] as const;

/**
 * Plays the shared watches. They see every change at once, except while they are frozen: then they show the past until
 * they thaw, and see the missed changes in order.
 */
export class FakeCache implements ClusterCache {
  readonly #nodes = new Map<string, SeiNode>();
  readonly #statefulSets = new Map<string, StatefulSetView>();
  readonly #pods = new Map<string, PodView>();
  readonly #live = {
    statefulSet: new Map<string, LiveObject>(),
    service: new Map<string, LiveObject>(),
    configMap: new Map<string, LiveObject>(),
  };
  readonly #listeners = new ChangeListeners((err) => {
    throw err;
  });
  #listening = 0;
  readonly #frozen = new Set<Change['kind']>();
  #missed: Change[] = [];
  readonly #unlisted = new Set<string>();
  readonly #silent = new Set<string>();
  /** The changes since the last read; undefined while everything is read at once. */
  #unread: Map<string, Change & { readonly kind: 'service' | 'configMap' }> | undefined;

  /** Freezes these kinds; without any, all of them, as when the process has lost the API server. */
  freeze(...kinds: readonly Change['kind'][]): void {
    for (const kind of kinds.length > 0 ? kinds : KINDS) this.#frozen.add(kind);
  }

  thaw(): void {
    this.#frozen.clear();
    const missed = this.#missed;
    this.#missed = [];
    for (const change of missed) this.accept(change);
  }

  /**
   * Leaves the contents of Services and ConfigMaps unread, of which the watches bring the metadata alone: until
   * `readContents` they show earlier contents, if any. A watcher that compares no content never reads it.
   */
  leaveContentsUnread(): void {
    this.#unread ??= new Map();
  }

  readContents(): void {
    const unread = [...(this.#unread?.values() ?? [])];
    this.#unread = undefined;
    for (const change of unread) this.#notify(this.#take(change));
  }

  /** Shows this version of the node, as a watch would that is this far behind. */
  show(node: SeiNode): void {
    this.#nodes.set(keyOf(node.metadata), node);
  }

  accept(change: Change): void {
    if (this.#frozen.has(change.kind)) this.#missed.push(change);
    else this.#notify(this.#take(change));
  }

  node(key: ObjectKey): SeiNode | undefined {
    return this.#nodes.get(keyOf(key));
  }

  nodes(): Iterable<SeiNode> {
    return this.#nodes.values();
  }

  statefulSet(key: ObjectKey): StatefulSetView | undefined {
    return this.#statefulSets.get(keyOf(key));
  }

  ownedObjects({ namespace, name, configMap }: OwnedNames): OwnedObjects {
    const workload = keyOf({ namespace, name });
    return {
      statefulSet: this.#live.statefulSet.get(workload),
      service: this.#live.service.get(workload),
      configMap: this.#live.configMap.get(keyOf({ namespace, name: configMap })),
    };
  }

  pods(node: ObjectKey): readonly PodView[] {
    return [...this.#pods.values()].filter(
      (pod) => pod.namespace === node.namespace && pod.node === node.name,
    );
  }

  subscribe(listener: (node: ObjectKey) => void): () => void {
    return this.#counted(this.#listeners.subscribe(listener));
  }

  subscribeTo(node: ObjectKey, listener: () => void): () => void {
    return this.#counted(this.#listeners.subscribeTo(node, listener));
  }

  /** Counts those that wait for changes; a wait that is over must not go on listening. */
  get listeners(): number {
    return this.#listening;
  }

  /** Makes the namespace one that is watched and has not been listed yet. */
  unlist(namespace: string): void {
    this.#unlisted.add(namespace);
  }

  /** Completes the list; whoever waits for that hears of each node. */
  list(namespace: string): void {
    this.#unlisted.delete(namespace);
    this.#notify([...this.#nodes.values()].map(({ metadata }) => metadata));
  }

  /** Keeps changes of this namespace alone from the watches from now on, as when the rights there are gone. */
  silence(namespace: string): void {
    this.#silent.add(namespace);
  }

  hasSynced({ namespace }: Pick<ObjectKey, 'namespace'>): boolean {
    return !this.#unlisted.has(namespace);
  }

  staleMs({ namespace }: Pick<ObjectKey, 'namespace'>): number {
    return this.#frozen.size === 0 && !this.#silent.has(namespace) ? 0 : Infinity;
  }

  /** Returns the nodes that the change concerns. */
  #take(change: Change): readonly (ObjectKey | undefined)[] {
    switch (change.kind) {
      case 'node':
        return [put(this.#nodes, change, (node) => node)];
      case 'statefulSet':
        put(this.#live.statefulSet, change, (object) => liveObject(object));
        return [put(this.#statefulSets, change, statefulSetView)];
      case 'service':
      case 'configMap':
        put<object, LiveObject>(this.#live[change.kind], change, (object, before) =>
          this.#unread === undefined ? liveObject(object) : metadataView(object, before),
        );
        this.#unread?.set(`${change.kind} ${keyOf(keyOfChange(change))}`, change);
        return [change.before, change.after].map((one) => one && nodeOf(liveObject(one)));
      case 'pod':
        put(this.#pods, change, podView);
        return [change.before, change.after].map((pod) => pod && nodeOf(podView(pod)));
    }
  }

  #notify(nodes: readonly (ObjectKey | undefined)[]): void {
    const named = nodes.filter((node) => node !== undefined);
    const once = new Map(named.map((node) => [keyOf(node), node]));
    for (const node of once.values()) this.#listeners.notify(node);
  }

  #counted(end: () => void): () => void {
    let isOpen = true;
    this.#listening += 1;
    return () => {
      if (isOpen) this.#listening -= 1;
      isOpen = false;
      end();
    };
  }
}

function metadataView(object: object, before: LiveObject | undefined): LiveObject {
  const { metadata } = object as { metadata?: object };
  const live = liveObject({ kind: 'PartialObjectMetadata', metadata });
  return before?.uid === live.uid ? { ...live, content: before.content } : live;
}

function keyOfChange({ before, after }: Change): ObjectKey {
  const object = after ?? before;
  if (object === undefined) throw new Error('a change of nothing');
  return keyOfObject(object);
}

function put<T extends object, V>(
  map: Map<string, V>,
  { before, after }: { readonly before?: T; readonly after?: T },
  view: (object: T, known: V | undefined) => V,
): ObjectKey | undefined {
  const object = after ?? before;
  if (object === undefined) return undefined;
  const key = keyOfObject(object);
  if (after === undefined) map.delete(keyOf(key));
  else map.set(keyOf(key), view(after, map.get(keyOf(key))));
  return key;
}

function nodeOf({ namespace, node }: LiveObject | PodView): ObjectKey | undefined {
  return node === undefined ? undefined : { namespace, name: node };
}
