import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';

import type { ObjectKey } from '../../domain/node/node-ref.ts';
import { keyOf, proxyConfigName } from '../../domain/node/node-ref.ts';
import { controllerAmong } from '../../domain/node/owner-view.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { NODE_LABEL } from '../../domain/node/sei-node.ts';
import type { LiveObject } from '../../domain/owned/live-object.ts';
import type { PodView } from '../../domain/pod/pod-view.ts';
import type { StatefulSetView } from '../../domain/pod/stateful-set-view.ts';
import type { KubernetesConnection } from '../api/client.ts';
import { isMetadataOnly } from '../api/metadata-only.ts';
import type { Resource } from '../api/resource.ts';
import { CONFIG_MAPS, PODS, SEI_NODES, SERVICES, STATEFUL_SETS } from '../api/resource.ts';
import type { ClusterCache } from '../cluster.ts';
import type { IsOfNode } from '../views/live-object.ts';
import { liveObject } from '../views/live-object.ts';
import { podView } from '../views/pod-view.ts';
import { seiNodeOf } from '../views/sei-node-of.ts';
import { foreignStatefulSet, statefulSetView } from '../views/stateful-set-view.ts';
import { ChangeListeners } from './change-listeners.ts';
import { createPodIndex } from './pod-index.ts';
import { startReread } from './reread.ts';
import type { HealthOfWatch, Watches, WatchesOptions, WatchRow } from './watches.ts';
import { startWatches } from './watches.ts';

export interface SharedCacheOptions extends WatchesOptions<keyof Watched> {
  readonly connection: Pick<KubernetesConnection, 'openStream' | 'getJson'>;
  /**
   * `read` reads the Services and ConfigMaps of nodes after each change, for processes that compare them with the
   * rendered ones: their watches bring metadata alone. Default: read.
   */
  readonly contents?: ContentsOfOwned | undefined;
}

export type ContentsOfOwned = 'read' | 'unread';

export type WatchEndListener = NonNullable<SharedCacheOptions['onWatchEnd']>;

export type WatchHealth = HealthOfWatch<keyof Watched>;

export interface SharedCache extends ClusterCache, Pick<Watches<Watched>, 'whenSynced' | 'health'> {
  /** Resolves once everything of at least one namespace has been listed, if several are watched. */
  whenAnySynced(): Promise<void>;
}

/** The watched resources, by the plural of each, with the part of an object that the cache keeps. */
interface Watched {
  readonly seinodes: SeiNode;
  readonly statefulsets: WatchedStatefulSet;
  readonly services: LiveObject;
  readonly configmaps: LiveObject;
  readonly pods: PodView;
}

interface WatchedStatefulSet {
  readonly view: StatefulSetView;
  readonly live: LiveObject;
}

/** The objects of nodes. */
const OWNED = {
  statefulsets: STATEFUL_SETS,
  services: SERVICES,
  configmaps: CONFIG_MAPS,
} as const satisfies Partial<Record<keyof Watched, Resource>>;

type OwnedName = keyof typeof OWNED;

/**
 * Starts five watches for a whole process, however many nodes it works on. Of foreign objects it keeps so little that
 * their number and size do not matter, because anybody may create those. Of Services and ConfigMaps the API server
 * sends no more than that.
 */
export function startSharedCache(options: SharedCacheOptions): SharedCache {
  const { contents = 'read', ...watching } = options;
  const { logger } = watching;
  const listeners = new ChangeListeners((err) => {
    logger.error('A listener of the shared cache threw', { err });
  });
  const notify = (node: ObjectKey): void => listeners.notify(node);
  const podsByNode = createPodIndex();
  const reread = startReread(watching);

  const isOfNode: IsOfNode = ({ namespace, name, owners }) => {
    const owner = controllerAmong(owners);
    const node = owner && seinodes.get(keyOf({ namespace, name: owner.name }))?.metadata;
    if (node === undefined || node.uid !== owner?.uid) return false;
    return name === node.name || name === proxyConfigName(node);
  };

  /** A StatefulSet is watched whole; but one that came before its node was taken for foreign. */
  const lacksContent = (of: OwnedName, live: LiveObject): boolean =>
    of === 'statefulsets' ? live.content.kind === 'foreign' : contents === 'read';

  /** Reads an object of a node whole, if the cache lacks its content or has it outdated. */
  const complete = (of: OwnedName, live: LiveObject | undefined): void => {
    if (live === undefined || !lacksContent(of, live) || !isOfNode(live)) return;
    reread(OWNED[of], live, (object) => {
      const owner = controllerAmong(live.owners);
      if (watches.of[of].retake(object) && owner !== undefined) {
        notify({ namespace: live.namespace, name: owner.name });
      }
    });
  };

  /**
   * Takes the owner of an object from the watch alone, and its content from reads. The content stays until the object
   * is read again: otherwise drift that went and came back meanwhile would look like news.
   */
  const ownedObject = (object: unknown, before: LiveObject | undefined): LiveObject => {
    const live = liveObject(object, isOfNode);
    if (before === undefined) return live;
    if (!isMetadataOnly(object))
      return isOfNode(before) ? { ...before, content: live.content } : before;
    const isReadAgain = live.content.kind === 'unread' && before.content.kind !== 'foreign';
    return isReadAgain ? { ...live, content: before.content } : live;
  };

  const owned = (of: OwnedName): WatchRow<LiveObject, keyof Watched> => ({
    resource: OWNED[of],
    after: 'seinodes',
    labelSelector: NODE_LABEL,
    parts: 'metadata',
    transform: ownedObject,
    onChange: ({ kind, object }) => {
      if (kind !== 'deleted') complete(of, object);
      const { namespace, node } = object;
      if (node !== undefined) notify({ namespace, name: node });
    },
  });

  // Nodes first, because owners are found among them. For pods the order does not matter.
  const watches: Watches<Watched> = startWatches<Watched>(watching, {
    seinodes: {
      resource: SEI_NODES,
      transform: seiNodeOf,
      onChange: ({ kind, object: { metadata } }) => {
        if (kind === 'added') {
          const key = keyOf(metadata);
          const config = keyOf({ ...metadata, name: proxyConfigName(metadata) });
          complete('statefulsets', statefulsets.get(key)?.live);
          complete('services', services.get(key));
          complete('configmaps', configmaps.get(config));
        }
        notify(metadata);
      },
    },
    statefulsets: {
      resource: STATEFUL_SETS,
      after: 'seinodes',
      // With those that lack our label: one of the node's name stands in its way until it is gone.
      transform: (object) => {
        const view = statefulSetView(object as V1StatefulSet);
        const live = liveObject(object, isOfNode);
        return { view: live.content.kind === 'kept' ? view : foreignStatefulSet(view), live };
      },
      onChange: ({ kind, object }) => {
        if (kind !== 'deleted') complete('statefulsets', object.live);
        notify(object.view);
      },
    },
    services: owned('services'),
    configmaps: owned('configmaps'),
    pods: {
      resource: PODS,
      labelSelector: NODE_LABEL,
      transform: (object) => podView(object as V1Pod),
      onChange: (change) => {
        for (const node of podsByNode.apply(change)) notify(node);
      },
    },
  });
  const { seinodes, statefulsets, services, configmaps } = watches.of;
  const { whenSynced, hasSynced, health, staleMs } = watches;

  // Notifies everybody who waits for the first lists: an empty list brings no change.
  void whenSynced().then(
    () => {
      for (const { metadata } of seinodes.values()) notify(metadata);
    },
    () => undefined,
  );

  return {
    node: (key) => seinodes.get(keyOf(key)),
    nodes: () => seinodes.values(),
    statefulSet: (key) => statefulsets.get(keyOf(key))?.view,
    ownedObjects: ({ namespace, name, configMap }) => ({
      statefulSet: statefulsets.get(keyOf({ namespace, name }))?.live,
      service: services.get(keyOf({ namespace, name })),
      configMap: configmaps.get(keyOf({ namespace, name: configMap })),
    }),
    pods: (node) => podsByNode.of(node),
    subscribe: (listener) => listeners.subscribe(listener),
    subscribeTo: (node, listener) => listeners.subscribeTo(node, listener),
    whenSynced,
    whenAnySynced: whenSynced,
    hasSynced,
    health,
    staleMs,
  };
}
