import type { V1Container } from '@kubernetes/client-node';

import type { SeiNode } from '../domain/node/sei-node.ts';
import type { Target } from '../domain/node/target.ts';
import { SEID_INIT_CONTAINER } from '../domain/pod/pod-view.ts';
import { DATA_DIRECTORY, dataMount, TEMPORARY_DIRECTORY } from './data-directory.ts';
import { restricted } from './security-context.ts';

/** Creates seid's home on a new volume. On a volume that has one it changes nothing. */
export function seidInitContainer(node: SeiNode, target: Target): V1Container {
  const { chainId } = node.spec;
  const script = [
    'set -e',
    `if [ ! -f ${DATA_DIRECTORY}/config/genesis.json ]; then`,
    `  seid init ${chainId} --chain-id ${chainId} --home ${DATA_DIRECTORY} --overwrite`,
    'fi',
    `mkdir -p ${TEMPORARY_DIRECTORY}`,
  ];
  return {
    name: SEID_INIT_CONTAINER,
    image: target.image,
    command: ['/bin/sh', '-c', script.join('\n')],
    volumeMounts: [dataMount],
    securityContext: restricted,
  };
}
