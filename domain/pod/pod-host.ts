import type { ObjectKey } from '../node/node-ref.ts';
import { podNameOf } from '../node/node-ref.ts';

/** The port of kube-rbac-proxy in a node's pod: the only way to the sidecar from outside the pod. */
export const SIDECAR_PROXY_PORT = 8443;

/** The domain of Services in the DNS of almost every cluster. */
export const DEFAULT_CLUSTER_DOMAIN = 'cluster.local';

/**
 * Returns the name that a node's headless Service gives its pod in DNS.
 *
 * @param clusterDomain under which the cluster's DNS has Services, such as `cluster.local`
 */
export function podHostOf(node: ObjectKey, clusterDomain: string): string {
  return `${podNameOf(node)}.${node.name}.${node.namespace}.svc.${clusterDomain}`;
}
