import type { V1Service } from '@kubernetes/client-node';

import type { SeiNode } from '../domain/node/sei-node.ts';
import { selectorFor } from './labels.ts';
import { ownedMetadata, workloadName } from './object-metadata.ts';
import { apiPort, seidPorts } from './ports.ts';
import { withRenderedHash } from './rendered-hash.ts';

/** Renders the headless Service that gives the node's pod its DNS name. */
export function serviceFor(node: SeiNode): V1Service {
  return withRenderedHash({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: ownedMetadata(node, workloadName(node)),
    spec: {
      clusterIP: 'None',
      selector: selectorFor(node),
      // The pod is not ready until a request under this name has reached its sidecar.
      publishNotReadyAddresses: true,
      ports: [...seidPorts, apiPort].map((port) => ({ ...port })),
    },
  });
}
