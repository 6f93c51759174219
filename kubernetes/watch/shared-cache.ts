import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';

import type { LiveObject } from '../../domain/live-object.ts';
import type { Logger } from '../../domain/logger.ts';
import type { ObjectKey } from '../../domain/node-ref.ts';
import { keyOf, proxyConfigName } from '../../domain/node-ref.ts';
import { controllerAmong } from '../../domain/owner-view.ts';
import { NODE_LABEL } from '../../domain/sei-node.ts';
import type { StatefulSetView } from '../../domain/stateful-set-view.ts';
import type { KubernetesConnection } from '../api/client.ts';
import { isMetadataOnly } from '../api/metadata-only.ts';
import type { Resource } from '../api/resource.ts';
import {
  CONFIG_MAPS,
  listPath,
  PODS,
  SEI_NODES,
  SERVICES,
  STATEFUL_SETS,
} from '../api/resource.ts';
import type { ClusterCache } from '../cluster.ts';
import type { IsOfNode } from '../views/live-object.ts';
import { liveObject } from '../views/live-object.ts';
import { podView } from '../views/pod-view.ts';
import { seiNodeOf } from '../views/sei-node-of.ts';
import { foreignStatefulSet, statefulSetView } from '../views/stateful-set-view.ts';
import { ChangeListeners } from './change-listeners.ts';
import type { ListWatchTiming, WatchEnd } from './list-watch.ts';
import { podIndex } from './pod-index.ts';
import type { Reflector } from './reflector.ts';
import { startReflector } from './reflector.ts';
import { startReread } from './reread.ts';

export interface SharedCacheOptions {
  readonly connection: Pick<KubernetesConnection, 'openStream' | 'getJson'>;
  /** Default: all namespaces. */
  readonly namespace?: string | undefined;
  /**
   * Whether the Services and ConfigMaps of nodes are read after each change, for who compares them with
   * what is rendered: their watches bring metadata alone. Default: read.
   */
  readonly contents?: ContentsOfOwned | undefined;
  readonly logger: Logger;
  /** Ends the watches. */
  readonly signal: AbortSignal;
  readonly timing?: ListWatchTiming;
  /** Told of each end of a listing or watch, but the last. It may not throw. */
  readonly onWatchEnd?: WatchEndListener | undefined;
}

export type ContentsOfOwned = 'read' | 'unread';

export type WatchEndListener = (resource: WatchHealth['resource'], why: WatchEnd) => void;

export interface SharedCache extends ClusterCache {
  /** Resolves once everything has been listed; rejects with the signal's reason. */
  whenSynced(): Promise<void>;
  /** The same of one namespace at least, where several are watched. */
  whenAnySynced(): Promise<void>;
  health(): readonly WatchHealth[];
}

export interface WatchHealth {
  readonly resource: 'seinodes' | 'statefulsets' | 'services' | 'configmaps' | 'pods';
  /** Of one among several that are watched. */
  readonly namespace?: string;
  readonly hasSynced: boolean;
  /** Milliseconds since the epoch; at rest the API server is heard about once a minute. */
  readonly lastContactAt: number | undefined;
}

/**
 * Five watches for a whole process, however many nodes it works on. Of objects that are no node's it keeps
 * so little that their number and size do not matter: whoever may create them has no part in nodes. Of
 * Services and ConfigMaps even that little is all that the API server sends.
 */
export function startSharedCache(options: SharedCacheOptions): SharedCache {
  const { connection, namespace, contents = 'read', logger, signal, timing, onWatchEnd } = options;
  const common = { connection, logger, signal, ...(timing && { timing }) };
  const listeners = new ChangeListeners((err) => {
    logger.error('A listener of the shared cache threw', { err });
  });
  const notify = (node: ObjectKey): void => listeners.notify(node);
  const podsByNode = podIndex();

  const notifyOwner = ({ namespace: of, node }: LiveObject): void => {
    if (node !== undefined) notify({ namespace: of, name: node });
  };

  const nodes = startReflector({
    ...common,
    path: listPath(SEI_NODES, namespace),
    onEnd: (why) => onWatchEnd?.('seinodes', why),
    transform: seiNodeOf,
    onChange: (change) => {
      const { metadata } = change.object;
      if (change.kind === 'added') completeAllOf(metadata);
      notify(metadata);
    },
  });
  // Only then it is known what is whose. Of pods it does not matter.
  const after = nodes.whenSynced();

  const isOfNode: IsOfNode = ({ namespace: of, name, owners }) => {
    const owner = controllerAmong(owners);
    const node = owner && nodes.get(keyOf({ namespace: of, name: owner.name }))?.metadata;
    if (node === undefined || node.uid !== owner?.uid) return false;
    return name === node.name || name === proxyConfigName(node);
  };

  const reread = startReread({ connection, logger, signal });

  /** Reads the whole of an object of a node of which there is less, or less that is up to date. */
  const complete = <T>(resource: Resource, reflector: Reflector<T>, live: LiveObject): void => {
    if (!isOfNode(live)) return;
    reread(resource, live, (object) => {
      const owner = controllerAmong(live.owners);
      if (reflector.retake(object) && owner !== undefined) {
        notify({ namespace: live.namespace, name: owner.name });
      }
    });
  };

  const completeAllOf = (node: ObjectKey): void => {
    const key = keyOf(node);
    const config = keyOf({ ...node, name: proxyConfigName(node) });
    const statefulSet = statefulSets.get(key)?.live;
    const service = services.get(key);
    const configMap = configMaps.get(config);
    if (statefulSet !== undefined) completeStatefulSet(statefulSet);
    if (service !== undefined) completeOwned(SERVICES, services, service);
    if (configMap !== undefined) completeOwned(CONFIG_MAPS, configMaps, configMap);
  };

  /** What came before its node, as the watches do not wait for each other, was taken for foreign. */
  const completeStatefulSet = (live: LiveObject): void => {
    if (live.content.kind === 'foreign') complete(STATEFUL_SETS, statefulSets, live);
  };

  const completeOwned = (
    resource: Resource,
    reflector: Reflector<LiveObject>,
    live: LiveObject,
  ): void => {
    if (contents === 'read') complete(resource, reflector, live);
  };

  /**
   * Whose an object is comes from the watch alone, and its content from readings. What was read last stays
   * until the object is read again: drift that went and came back meanwhile would be news to whoever looks.
   */
  const ownedObject = (object: unknown, before: LiveObject | undefined): LiveObject => {
    const live = liveObject(object, isOfNode);
    if (before === undefined) return live;
    if (!isMetadataOnly(object))
      return isOfNode(before) ? { ...before, content: live.content } : before;
    const isReadAgain = live.content.kind === 'unread' && before.content.kind !== 'foreign';
    return isReadAgain ? { ...live, content: before.content } : live;
  };

  const statefulSets: Reflector<{
    readonly view: StatefulSetView;
    readonly live: LiveObject;
  }> = startReflector({
    ...common,
    after,
    // Those without our label too: one of the node's name stands in its way, until it goes.
    path: listPath(STATEFUL_SETS, namespace),
    onEnd: (why) => onWatchEnd?.('statefulsets', why),
    transform: (object) => {
      const view = statefulSetView(object as V1StatefulSet);
      const live = liveObject(object, isOfNode);
      return { view: live.content.kind === 'kept' ? view : foreignStatefulSet(view), live };
    },
    onChange: ({ kind, object }) => {
      if (kind !== 'deleted') completeStatefulSet(object.live);
      notify(object.view);
    },
  });
  const services: Reflector<LiveObject> = startReflector({
    ...common,
    after,
    path: listPath(SERVICES, namespace),
    onEnd: (why) => onWatchEnd?.('services', why),
    labelSelector: NODE_LABEL,
    parts: 'metadata',
    transform: ownedObject,
    onChange: ({ kind, object }) => {
      if (kind !== 'deleted') completeOwned(SERVICES, services, object);
      notifyOwner(object);
    },
  });
  const configMaps: Reflector<LiveObject> = startReflector({
    ...common,
    after,
    path: listPath(CONFIG_MAPS, namespace),
    onEnd: (why) => onWatchEnd?.('configmaps', why),
    labelSelector: NODE_LABEL,
    parts: 'metadata',
    transform: ownedObject,
    onChange: ({ kind, object }) => {
      if (kind !== 'deleted') completeOwned(CONFIG_MAPS, configMaps, object);
      notifyOwner(object);
    },
  });
  const pods = startReflector({
    ...common,
    path: listPath(PODS, namespace),
    onEnd: (why) => onWatchEnd?.('pods', why),
    labelSelector: NODE_LABEL,
    transform: (object) => podView(object as V1Pod),
    onChange: (change) => {
      for (const node of podsByNode.apply(change)) notify(node);
    },
  });

  const watches: readonly (readonly [WatchHealth['resource'], Reflector<unknown>])[] = [
    ['seinodes', nodes],
    ['statefulsets', statefulSets],
    ['services', services],
    ['configmaps', configMaps],
    ['pods', pods],
  ];

  const whenSynced = async (): Promise<void> => {
    await Promise.all(watches.map(([, watch]) => watch.whenSynced()));
  };
  // Whoever waits for that hears of it: a list of nothing tells of no change.
  void whenSynced().then(
    () => {
      for (const { metadata } of nodes.values()) notify(metadata);
    },
    () => undefined,
  );

  return {
    node: (key) => nodes.get(keyOf(key)),
    nodes: () => nodes.values(),
    statefulSet: (key) => statefulSets.get(keyOf(key))?.view,
    ownedObjects: ({ namespace: of, name, configMap }) => ({
      statefulSet: statefulSets.get(keyOf({ namespace: of, name }))?.live,
      service: services.get(keyOf({ namespace: of, name })),
      configMap: configMaps.get(keyOf({ namespace: of, name: configMap })),
    }),
    pods: (node) => podsByNode.of(node),
    subscribe: (listener) => listeners.subscribe(listener),
    subscribeTo: (node, listener) => listeners.subscribeTo(node, listener),
    whenSynced,
    whenAnySynced: whenSynced,
    hasSynced: () => watches.every(([, watch]) => watch.hasSynced()),
    health: () => watches.map(([resource, watch]) => healthOf(resource, watch)),
    staleMs: () => {
      const contacts = watches.map(([, watch]) => watch.lastContactAt());
      return Date.now() - Math.min(...contacts.map((contact) => contact ?? -Infinity));
    },
  };
}

function healthOf(resource: WatchHealth['resource'], reflector: Reflector<unknown>): WatchHealth {
  return {
    resource,
    hasSynced: reflector.hasSynced(),
    lastContactAt: reflector.lastContactAt(),
  };
}
