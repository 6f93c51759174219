import type { V1Volume } from '@kubernetes/client-node';

import type { SeiNode } from '../domain/sei-node.ts';
import { DATA_VOLUME } from './data-directory.ts';
import { dataVolumeClaimName, rbacProxyConfigName } from './object-metadata.ts';
import { operatorKeyringVolumes } from './operator-keyring.ts';
import { validatorKeyVolumes } from './validator-keys.ts';

export const SIDECAR_TEMPORARY_VOLUME = 'sidecar-tmp';
export const RBAC_PROXY_CONFIG_VOLUME = 'rbac-proxy-config';

export function volumesFor(node: SeiNode): V1Volume[] {
  return [
    { name: DATA_VOLUME, persistentVolumeClaim: { claimName: dataVolumeClaimName(node) } },
    { name: SIDECAR_TEMPORARY_VOLUME, emptyDir: {} },
    { name: RBAC_PROXY_CONFIG_VOLUME, configMap: { name: rbacProxyConfigName(node) } },
    ...validatorKeyVolumes(node.spec),
    ...operatorKeyringVolumes(node.spec),
  ];
}
