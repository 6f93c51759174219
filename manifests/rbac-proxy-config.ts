import type { V1ConfigMap } from '@kubernetes/client-node';

import { proxyConfigName } from '../domain/node/node-ref.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import { SEI_NODE_GROUP } from '../domain/node/sei-node.ts';
import { ownedMetadata } from './object-metadata.ts';
import { withRenderedHash } from './rendered-hash.ts';

/** The data key, and the file that kube-rbac-proxy reads. */
export const RBAC_PROXY_CONFIG_FILE = 'config.yaml';

/**
 * Renders the question that kube-rbac-proxy asks Kubernetes about each caller: may it use the tasks of this
 * very node? RBAC on `seinodetasks.sei.io` grants that to callers, by node name if wanted.
 */
export function rbacProxyConfigFor(node: SeiNode): V1ConfigMap {
  const { name, namespace } = node.metadata;
  const config = [
    'authorization:',
    '  resourceAttributes:',
    `    apiGroup: ${SEI_NODE_GROUP}`,
    '    resource: seinodetasks',
    // Quoted: a node may be called 1 or true, which YAML would not read as text.
    `    namespace: ${JSON.stringify(namespace)}`,
    `    name: ${JSON.stringify(name)}`,
    '',
  ];
  return withRenderedHash({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: ownedMetadata(node, proxyConfigName(node.metadata)),
    data: { [RBAC_PROXY_CONFIG_FILE]: config.join('\n') },
  });
}
