import type { Devcluster } from '@seinode/devcluster';

/**
 * Writes commands to paste into a shell in the folder of the project while the demo stays up: a bad image stops a node,
 * which says why, and the next image gets it going again.
 */
export function invitation({ name, env }: Pick<Devcluster, 'name' | 'env'>): readonly string[] {
  return [
    `export KUBECONFIG='${env['KUBECONFIG']}' TEMPORAL_ADDRESS='${env['TEMPORAL_ADDRESS']}'`,
    'bin/seinode set-image pacific-rpc-0 ghcr.io/sei-protocol/sei:cannot-pull',
    'bin/seinode status pacific-rpc-0',
    'bin/seinode set-image pacific-rpc-0 ghcr.io/sei-protocol/sei:v6.2.2 --wait',
    `npm run devcluster -- --name ${name} kubectl get snode -w`,
  ];
}
