import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { Target } from '../../domain/node/target.ts';
import { dataVolumeClaimFor } from '../../manifests/data-volume-claim.ts';
import type { PlatformSettings } from '../../manifests/platform-settings.ts';
import { rbacProxyConfigFor } from '../../manifests/rbac-proxy-config.ts';
import { serviceFor } from '../../manifests/service.ts';
import { statefulSetFor } from '../../manifests/stateful-set.ts';

/** Renders all objects of a node, in the order in which a bring-up applies them. */
export function objectsOf(node: SeiNode, target: Target, platform: PlatformSettings) {
  const claim = dataVolumeClaimFor(node, platform);
  return [
    ...(claim === undefined ? [] : [claim]),
    rbacProxyConfigFor(node),
    statefulSetFor(node, target, platform),
    serviceFor(node),
  ];
}
