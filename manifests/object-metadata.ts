import type { V1ObjectMeta } from '@kubernetes/client-node';

import { proxyConfigName } from '../domain/node/node-ref.ts';
import type { OwnedNames } from '../domain/node/node-ref.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import { SEI_NODE_TYPE } from '../domain/node/sei-node.ts';
import { labelsFor } from './labels.ts';

/** Returns the metadata of an object that the node owns and that goes when the node goes. */
export function ownedMetadata(node: SeiNode, name: string): V1ObjectMeta {
  return {
    name,
    namespace: node.metadata.namespace,
    labels: labelsFor(node),
    ownerReferences: [
      {
        ...SEI_NODE_TYPE,
        name: node.metadata.name,
        uid: node.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ],
  };
}

/** Returns the name of the StatefulSet and of the Service. */
export function workloadName(node: SeiNode): string {
  return node.metadata.name;
}

export function ownedNames(node: SeiNode): OwnedNames {
  const { namespace } = node.metadata;
  return { namespace, name: workloadName(node), configMap: proxyConfigName(node.metadata) };
}
