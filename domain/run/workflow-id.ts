import type { ObjectKey } from '../node/node-ref.ts';
import { keyOf } from '../node/node-ref.ts';
import type { KindNames } from './kind-names.ts';
import { KINDS, NODE_NAMES } from './kind-names.ts';

/**
 * Returns the one workflow id of an object, for every kind of work.
 *
 * Temporal admits one open run for an id, and that is the lock which makes the run the only writer of the
 * object and of what belongs to it. So neither the image nor anything random may be part of it.
 *
 * @param cluster the configured cluster name: several clusters share one Temporal namespace.
 */
export function objectWorkflowId(kind: KindNames, cluster: string, object: ObjectKey): string {
  return `${workflowIdPrefix(kind, cluster)}${keyOf(object)}`;
}

/** Returns the beginning of the workflow ids of all objects of the kind in a cluster. */
export function workflowIdPrefix({ id }: KindNames, cluster: string): string {
  return `${id}/${cluster}/`;
}

export function nodeWorkflowId(cluster: string, node: ObjectKey): string {
  return objectWorkflowId(NODE_NAMES, cluster, node);
}

/** The object that a workflow id names. */
interface RunOwner {
  readonly kind: KindNames;
  readonly cluster: string;
  readonly object: ObjectKey;
}

/** Returns the owner of a workflow id; undefined for an id of another shape, or of none of these kinds. */
export function parseWorkflowId(workflowId: string, kinds = KINDS): RunOwner | undefined {
  const [id, cluster, namespace, name, more] = workflowId.split('/');
  const kind = kinds.find((known) => known.id === id);
  if (kind === undefined || !cluster || !namespace || !name || more !== undefined) return undefined;
  return { kind, cluster, object: { namespace, name } };
}
