import type { ObjectKey } from '../node/node-ref.ts';

/**
 * Returns the task queue of an installation that names none: its cluster's, or if it serves one Kubernetes
 * namespace only, that namespace's. Two installations on one Temporal namespace must not share a queue,
 * since Temporal hands a task to any worker that polls for it.
 *
 * The slash, which neither name may hold, distinguishes namespace `b` of cluster `a` from cluster `a-b`.
 *
 * @param namespace the only one that is served; undefined: all
 */
export function defaultTaskQueue(cluster: string, namespace: string | undefined): string {
  return namespace === undefined ? `seinode-${cluster}` : `seinode-${cluster}/${namespace}`;
}

/** The objects that a worker or a watcher serves, and its queue. */
export interface Installation {
  /** The name of the Kubernetes cluster in workflow ids. */
  readonly cluster: string;
  /** The Kubernetes namespaces that are served; undefined: all. */
  readonly namespaces: readonly string[] | undefined;
  readonly taskQueue: string;
}

/** Returns whether this installation does the work on an object. */
export function serves(
  { cluster, namespaces }: Pick<Installation, 'cluster' | 'namespaces'>,
  object: Pick<ObjectKey, 'namespace'> & { readonly cluster: string },
): boolean {
  return object.cluster === cluster && (namespaces?.includes(object.namespace) ?? true);
}
