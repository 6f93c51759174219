import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';

import { dataVolumeClaimName } from '../domain/node/data-volume.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import { roleOf } from '../domain/node/sei-node.ts';
import { ownedMetadata } from './object-metadata.ts';
import type { PlatformSettings } from './platform-settings.ts';

/**
 * Returns the claim to create for the node's data; undefined for a node that imports one, which the
 * operator neither changes nor deletes. An existing claim is never resized to this.
 */
export function dataVolumeClaimFor(
  node: SeiNode,
  platform: PlatformSettings,
): V1PersistentVolumeClaim | undefined {
  if (node.spec.dataVolume?.import !== undefined) return undefined;
  const { className, size } = platform.storage[roleOf(node.spec)];
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: ownedMetadata(node, dataVolumeClaimName(node)),
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: className,
      resources: { requests: { storage: size } },
    },
  };
}
