import type { V1Volume } from '@kubernetes/client-node';

import { dataVolumeClaimName } from '../domain/node/data-volume.ts';
import { proxyConfigName } from '../domain/node/node-ref.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import { DATA_VOLUME } from './data-directory.ts';
import { operatorKeyringVolumes } from './operator-keyring.ts';
import { validatorKeyVolumes } from './validator-keys.ts';

export const SIDECAR_TEMPORARY_VOLUME = 'sidecar-tmp';
export const RBAC_PROXY_CONFIG_VOLUME = 'rbac-proxy-config';
export const API_ACCESS_VOLUME = 'rbac-proxy-api-access';

/** The access that Kubernetes mounts into every container by default: here for the one that asks the API server. */
const apiAccess: V1Volume = {
  name: API_ACCESS_VOLUME,
  projected: {
    sources: [
      // Not the usual 3607, which the API server extends to a year (extended expiration).
      { serviceAccountToken: { path: 'token', expirationSeconds: 3_600 } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    ],
  },
};

export function volumesFor(node: SeiNode): V1Volume[] {
  return [
    { name: DATA_VOLUME, persistentVolumeClaim: { claimName: dataVolumeClaimName(node) } },
    { name: SIDECAR_TEMPORARY_VOLUME, emptyDir: {} },
    { name: RBAC_PROXY_CONFIG_VOLUME, configMap: { name: proxyConfigName(node.metadata) } },
    apiAccess,
    ...validatorKeyVolumes(node.spec),
    ...operatorKeyringVolumes(node.spec),
  ];
}
