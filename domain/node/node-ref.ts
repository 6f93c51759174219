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
