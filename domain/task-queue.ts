import type { ObjectKey } from './node-ref.ts';

/**
 * The task queue of an installation that names none: its cluster's, and where it serves one Kubernetes
 * namespace only, that namespace's. Two installations on one Temporal namespace must not share a queue,
 * since Temporal hands a task to whichever worker polls for it.
 *
 * The slash, which neither name may hold, tells namespace `b` of cluster `a` from cluster `a-b`.
 *
 * @param namespace the only one that is served; undefined: all
 */
export function defaultTaskQueue(cluster: string, namespace: string | undefined): string {
  return namespace === undefined ? `seinode-${cluster}` : `seinode-${cluster}/${namespace}`;
}

/** What a worker or a watcher is installed for. */
export interface Installation {
  /** The name of the Kubernetes cluster in workflow ids. */
  readonly cluster: string;
  /** The Kubernetes namespaces that are served; undefined: all. */
  readonly namespaces: readonly string[] | undefined;
  readonly taskQueue: string;
}

/** Whether the work on a node is this installation's to do. */
export function servesNode(
  { cluster, namespaces }: Pick<Installation, 'cluster' | 'namespaces'>,
  node: Pick<ObjectKey, 'namespace'> & { readonly cluster: string },
): boolean {
  return node.cluster === cluster && (namespaces?.includes(node.namespace) ?? true);
}
