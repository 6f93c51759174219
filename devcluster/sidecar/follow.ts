import { setTimeout as sleep } from 'node:timers/promises';

import { KubeApi, KubeApiError } from './kube-api.ts';

/** What every Kubernetes object has that a watch must know. */
export interface Watched {
  readonly metadata: { readonly resourceVersion: string };
}

/** Who is told of a collection. The list comes first, and again whenever events may have been lost. */
export interface Follower<T extends Watched> {
  listed(objects: readonly T[]): void;
  changed(object: T): void;
  gone(object: T): void;
}

// Long enough not to keep a starting or stopping API server busy, short enough for a test to wait.
const RETRY_MS = 200;

/**
 * Tells the follower of every change in a collection until the signal aborts, whatever the API
 * server does: what was lost is listed again.
 *
 * @param query label or field selector, '' for the whole collection
 */
export async function follow<T extends Watched>(
  api: KubeApi,
  path: string,
  query: string,
  follower: Follower<T>,
  { signal, onListed, onTrouble }: FollowOptions,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const list = (await api.get(`${path}?${query}`)) as List<T>;
      follower.listed(list.items);
      onListed();
      await followFrom(api, `${path}?${query}`, list.metadata.resourceVersion, follower, signal);
    } catch (error) {
      if (signal.aborted) return;
      onTrouble(error);
      await sleep(RETRY_MS);
    }
  }
}

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Called after each list. */
  readonly onListed: () => void;
  readonly onTrouble: (error: unknown) => void;
}

interface List<T> {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly T[];
}

/** Watches, again from where it ended when the API server ends it, until a new list is needed. */
async function followFrom<T extends Watched>(
  api: KubeApi,
  path: string,
  from: string,
  follower: Follower<T>,
  signal: AbortSignal,
): Promise<void> {
  let resourceVersion = from;
  while (!signal.aborted) {
    const watch = `${path}&watch=true&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`;
    for await (const { type, object } of api.watch(watch)) {
      if (type === 'ERROR') throw new KubeApiError('GET', watch, 410, JSON.stringify(object));
      const changed = object as T;
      ({ resourceVersion } = changed.metadata);
      if (type === 'ADDED' || type === 'MODIFIED') follower.changed(changed);
      if (type === 'DELETED') follower.gone(changed);
    }
  }
}
