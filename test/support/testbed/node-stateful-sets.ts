import type { V1StatefulSet } from '@kubernetes/client-node';

import { SEID_CONTAINER } from '../../../domain/pod/pod-view.ts';
import type { KubernetesConnection } from '../../../kubernetes/api/client.ts';
import type { WatchedObjects } from './watched-objects.ts';
import { watchObjects } from './watched-objects.ts';

/** The part of a StatefulSet that tests look at. */
export interface WatchedStatefulSet {
  readonly metadata: { readonly name: string; readonly uid: string; readonly generation: number };
  readonly replicas: number | undefined;
  /** The image of seid, in the template. */
  readonly image: string | undefined;
}

/** The StatefulSets of a test's own namespace, by the names of their nodes. */
export interface NodeStatefulSets extends WatchedObjects<WatchedStatefulSet> {
  /** Lists the UIDs of all StatefulSets that have had the name, oldest first. */
  uids(node: string): readonly string[];
}

export async function nodeStatefulSetsIn(
  connection: KubernetesConnection,
  namespace: string,
  signal: AbortSignal,
): Promise<NodeStatefulSets> {
  const watched = await watchObjects({
    connection,
    path: `/apis/apps/v1/namespaces/${namespace}/statefulsets`,
    transform: (object) => watchedStatefulSet(object as V1StatefulSet),
    signal,
  });
  return {
    ...watched,
    uids: (node) => [...new Set(watched.versions(node).map(({ metadata }) => metadata.uid))],
  };
}

function watchedStatefulSet({ metadata, spec }: V1StatefulSet): WatchedStatefulSet {
  return {
    metadata: {
      name: metadata?.name ?? '',
      uid: metadata?.uid ?? '',
      generation: metadata?.generation ?? 0,
    },
    replicas: spec?.replicas,
    image: spec?.template.spec?.containers.find(({ name }) => name === SEID_CONTAINER)?.image,
  };
}
