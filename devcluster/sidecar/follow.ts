import { setTimeout as sleep } from 'node:timers/promises';

import { type KubeApi, KubeApiError } from './kube-api.ts';

/** What every Kubernetes object has that is read here. */
export interface KubeObject {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
  };
}

/** Who is told of a collection. The list comes first, and again whenever events may have been lost. */
export interface Follower<T extends KubeObject> {
  listed(objects: readonly T[]): void;
  changed(object: T): void;
  gone(object: T): void;
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Told of every failure; what was lost is listed again. */
  readonly onTrouble: (error: unknown) => void;
}

// Long enough not to keep an API server busy that is starting, short enough for a test to wait.
const RETRY_MS = 200;

/**
 * Tells the follower of every change in a collection until the signal aborts. Resolves after the
 * first list.
 *
 * @param collection path of the collection with a query, such as `/api/v1/pods?labelSelector=a`
 */
export function follow<T extends KubeObject>(
  api: KubeApi,
  collection: string,
  follower: Follower<T>,
  options: FollowOptions,
): Promise<void> {
  return new Promise((resolve) => {
    void followForEver(api, collection, follower, options, resolve);
  });
}

async function followForEver<T extends KubeObject>(
  api: KubeApi,
  collection: string,
  follower: Follower<T>,
  { signal, onTrouble }: FollowOptions,
  onListed: () => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const list = (await api.get(collection)) as List<T>;
      follower.listed(list.items);
      onListed();
      await watchFrom(api, collection, list.metadata.resourceVersion, follower, signal);
    } catch (error) {
      if (signal.aborted) return;
      onTrouble(error);
      await sleep(RETRY_MS);
    }
  }
}

interface List<T> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly T[];
}

/** Watches, on from where it was when the API server ends the watch. Throws when it must list again. */
async function watchFrom<T extends KubeObject>(
  api: KubeApi,
  collection: string,
  listVersion: string,
  follower: Follower<T>,
  signal: AbortSignal,
): Promise<void> {
  let version = listVersion;
  while (!signal.aborted) {
    const watch = `${collection}&watch=true&allowWatchBookmarks=true&resourceVersion=${version}`;
    for await (const { type, object } of api.watch(watch)) {
      if (type === 'ERROR') throw new KubeApiError('GET', watch, 410, JSON.stringify(object));
      const changed = object as T;
      version = changed.metadata.resourceVersion;
      if (type === 'ADDED' || type === 'MODIFIED') follower.changed(changed);
      if (type === 'DELETED') follower.gone(changed);
    }
  }
}
