import type { V1Pod } from '@kubernetes/client-node';

import { SEID_CONTAINER } from '../../../domain/pod/pod-view.ts';
import type { KubernetesConnection } from '../../../kubernetes/api/client.ts';
import type { WatchedObjects } from './watched-objects.ts';
import { watchObjects } from './watched-objects.ts';

/** The part of a pod that tests look at. */
export interface WatchedPod {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly seidImage: string | undefined;
  readonly isTerminating: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

/** The pods of a test's own namespace, by the names of their nodes. */
export interface NodePods extends WatchedObjects<WatchedPod> {
  /** Lists the UIDs of all pods that the node has had, oldest first. */
  uids(node: string): readonly string[];
}

export async function nodePodsIn(
  connection: KubernetesConnection,
  namespace: string,
  signal: AbortSignal,
): Promise<NodePods> {
  const watched = await watchObjects({
    connection,
    path: `/api/v1/namespaces/${namespace}/pods`,
    transform: (object) => watchedPod(object as V1Pod),
    signal,
  });
  return {
    ...watched,
    uids: (node) => [
      ...new Set(watched.versions(podNameOf(node)).map(({ metadata }) => metadata.uid)),
    ],
  };
}

/** Returns the name of a node's pod. */
export function podNameOf(node: string): string {
  return `${node}-0`;
}

function watchedPod({ metadata, spec }: V1Pod): WatchedPod {
  return {
    metadata: { name: metadata?.name ?? '', uid: metadata?.uid ?? '' },
    seidImage: spec?.containers.find(({ name }) => name === SEID_CONTAINER)?.image,
    isTerminating: metadata?.deletionTimestamp !== undefined,
    labels: metadata?.labels ?? {},
  };
}
