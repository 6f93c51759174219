import type {
  V1ConfigMap,
  V1ObjectMeta,
  V1PersistentVolumeClaim,
  V1Service,
  V1StatefulSet,
} from '@kubernetes/client-node';

import { SEI_NODE_TYPE } from '../../domain/node/sei-node.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { dataVolumeClaimFor } from '../../manifests/data-volume-claim.ts';
import type { PlatformSettings } from '../../manifests/platform-settings.ts';
import { rbacProxyConfigFor } from '../../manifests/rbac-proxy-config.ts';
import { serviceFor } from '../../manifests/service.ts';
import { statefulSetFor } from '../../manifests/stateful-set.ts';

export interface HandMadeObjects {
  readonly claim: V1PersistentVolumeClaim;
  readonly configMap: V1ConfigMap;
  readonly service: V1Service;
  readonly statefulSet: V1StatefulSet;
}

/** Returns the objects of a SeiNode of this name, without an owner: the garbage collector would find it missing. */
export function handMadeObjects(
  { namespace, platform }: { readonly namespace: string; readonly platform: PlatformSettings },
  name: string,
  image: string,
): HandMadeObjects {
  const node: SeiNode = {
    ...SEI_NODE_TYPE,
    metadata: { namespace, name, uid: '', generation: 1, resourceVersion: '' },
    spec: { chainId: 'pacific-1', image, fullNode: {} },
  };
  const claim = dataVolumeClaimFor(node, platform);
  if (claim === undefined) throw new Error('a full node without an imported volume has a claim');
  const target = { image, sidecarImage: platform.images.sidecar, replicas: 1 } as const;
  return {
    claim: unowned(claim),
    configMap: unowned(rbacProxyConfigFor(node)),
    service: unowned(serviceFor(node)),
    statefulSet: unowned(statefulSetFor(node, target, platform)),
  };
}

function unowned<T extends { readonly metadata?: V1ObjectMeta }>(object: T): T {
  const { ownerReferences: _, ...metadata } = object.metadata ?? {};
  return { ...object, metadata };
}
