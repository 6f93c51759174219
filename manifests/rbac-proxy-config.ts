import type { V1ConfigMap } from '@kubernetes/client-node';

import type { SeiNode } from '../domain/sei-node.ts';
import { SEI_NODE_GROUP } from '../domain/sei-node.ts';
import { ownedMetadata, rbacProxyConfigName } from './object-metadata.ts';
import { withRenderedHash } from './rendered-hash.ts';

/** The data key, and the file that kube-rbac-proxy reads. */
export const RBAC_PROXY_CONFIG_FILE = 'config.yaml';

/**
 * What kube-rbac-proxy asks Kubernetes about each caller: whether it may use the tasks of this very
 * node. Callers are granted that by RBAC on `seinodetasks.sei.io`, by node name if wanted.
 */
export function rbacProxyConfigFor(node: SeiNode): V1ConfigMap {
  const { name, namespace } = node.metadata;
  const config = [
    'authorization:',
    '  resourceAttributes:',
    `    apiGroup: ${SEI_NODE_GROUP}`,
    '    resource: seinodetasks',
    // Quoted: a node may be called 1 or true, and YAML would not read that as text.
    `    namespace: ${JSON.stringify(namespace)}`,
    `    name: ${JSON.stringify(name)}`,
    '',
  ];
  return withRenderedHash({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: ownedMetadata(node, rbacProxyConfigName(node)),
    data: { [RBAC_PROXY_CONFIG_FILE]: config.join('\n') },
  });
}
