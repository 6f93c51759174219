import type { ObjectKey } from '../../domain/node/node-ref.ts';
import { SEI_NODE_GROUP, SEI_NODE_PLURAL, SEI_NODE_VERSION } from '../../domain/node/sei-node.ts';

/** A namespaced kind of object, by the path of its API. */
export interface Resource {
  /** `/api/v1` or `/apis/<group>/<version>`. */
  readonly api: string;
  readonly plural: string;
}

export const SEI_NODES: Resource = {
  api: `/apis/${SEI_NODE_GROUP}/${SEI_NODE_VERSION}`,
  plural: SEI_NODE_PLURAL,
};
export const STATEFUL_SETS: Resource = { api: '/apis/apps/v1', plural: 'statefulsets' };
export const PODS: Resource = { api: '/api/v1', plural: 'pods' };
export const SERVICES: Resource = { api: '/api/v1', plural: 'services' };
export const CONFIG_MAPS: Resource = { api: '/api/v1', plural: 'configmaps' };
export const PERSISTENT_VOLUME_CLAIMS: Resource = {
  api: '/api/v1',
  plural: 'persistentvolumeclaims',
};
export const SECRETS: Resource = { api: '/api/v1', plural: 'secrets' };
export const SERVICE_ACCOUNTS: Resource = { api: '/api/v1', plural: 'serviceaccounts' };
export const LEASES: Resource = { api: '/apis/coordination.k8s.io/v1', plural: 'leases' };
export const EVENTS: Resource = { api: '/api/v1', plural: 'events' };

/** @param namespace undefined for all namespaces. */
export function listPath({ api, plural }: Resource, namespace: string | undefined): string {
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${api}${scope}/${plural}`;
}

export function objectPath(resource: Resource, { namespace, name }: ObjectKey): string {
  return `${listPath(resource, namespace)}/${encodeURIComponent(name)}`;
}
