/** Names one SeiNode object. The UID tells a node apart from a later one of the same name. */
export interface NodeRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** Names an object that has a node's name: its StatefulSet, its Service, the node itself. */
export interface ObjectKey {
  readonly namespace: string;
  readonly name: string;
}

/** Names one exact object at one exact version, for a guarded write or delete. */
export interface ObjectVersion extends ObjectKey {
  readonly uid: string;
  readonly resourceVersion: string;
}

export interface OwnedNames extends ObjectKey {
  readonly configMap: string;
}

/** Returns `namespace/name`, as people write it and caches index it. */
export function keyOf(object: ObjectKey): string {
  return `${object.namespace}/${object.name}`;
}

/** Parses a key that `keyOf` has made. */
export function parseKey(key: string): ObjectKey {
  const [namespace = '', name = ''] = key.split('/');
  return { namespace, name };
}

/** Returns the name of a node's only pod: its StatefulSet has one replica. */
export function podNameOf(node: ObjectKey): string {
  return `${node.name}-0`;
}

const OWN_CLAIM_PREFIX = 'data-';

/** Returns the name of the claim that the operator makes for a node that imports none. */
export function ownClaimName(node: Pick<ObjectKey, 'name'>): string {
  return `${OWN_CLAIM_PREFIX}${node.name}`;
}

/** Returns the name of the ConfigMap for the proxy in front of a node's sidecar. */
export function proxyConfigName(node: Pick<ObjectKey, 'name'>): string {
  return `${node.name}-rbac-proxy-config`;
}

/** Returns the name of the node to which this claim would belong as its own, if there is such a node. */
export function nodeOfOwnClaim(claim: string): string | undefined {
  return claim.startsWith(OWN_CLAIM_PREFIX) ? claim.slice(OWN_CLAIM_PREFIX.length) : undefined;
}

/**
 * Returns the one workflow id of a node, for every kind of work.
 *
 * Temporal admits one open run for an id, and that is the lock which makes the run the only writer of the
 * node's objects. So neither the image nor anything random may be part of it.
 *
 * @param cluster the configured cluster name: several clusters share one Temporal namespace.
 */
export function nodeWorkflowId(cluster: string, node: ObjectKey): string {
  return `${nodeWorkflowIdPrefix(cluster)}${keyOf(node)}`;
}

/** Returns the beginning of the workflow ids of all nodes of a cluster. */
export function nodeWorkflowIdPrefix(cluster: string): string {
  return `seinode/${cluster}/`;
}

/** `seinode/<cluster>/<namespace>/<name>`, none of whose parts may hold a slash. */
const NODE_WORKFLOW_ID = /^seinode\/(?<cluster>[^/]+)\/(?<namespace>[^/]+)\/(?<name>[^/]+)$/;

/** Returns the node that a workflow id names, and its cluster; undefined for an id of another shape. */
export function parseNodeWorkflowId(
  workflowId: string,
): (ObjectKey & { readonly cluster: string }) | undefined {
  const { cluster, namespace, name } = NODE_WORKFLOW_ID.exec(workflowId)?.groups ?? {};
  if (cluster === undefined || namespace === undefined || name === undefined) return undefined;
  return { cluster, namespace, name };
}

/** Returns the node that a workflow id names; undefined for an id of another shape. */
export function nodeOfWorkflowId(workflowId: string): ObjectKey | undefined {
  const parsed = parseNodeWorkflowId(workflowId);
  return parsed && { namespace: parsed.namespace, name: parsed.name };
}
