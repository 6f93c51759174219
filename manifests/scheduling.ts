import type { V1PodSpec } from '@kubernetes/client-node';

import type { SeiNode } from '../domain/node/sei-node.ts';
import { roleOf } from '../domain/node/sei-node.ts';
import type { PlatformSettings } from './platform-settings.ts';

/** Karpenter's label for the pool that a machine belongs to. */
const NODE_POOL_LABEL = 'karpenter.sh/nodepool';

/** Puts the pod on the pool of its role, whose taint keeps everything else away. */
export function schedulingFor(
  node: SeiNode,
  platform: PlatformSettings,
): Pick<V1PodSpec, 'affinity' | 'tolerations'> {
  const pool = platform.scheduling.nodePool[roleOf(node.spec)];
  return {
    tolerations: [{ key: platform.scheduling.tolerationKey, value: pool, effect: 'NoSchedule' }],
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: NODE_POOL_LABEL, operator: 'In', values: [pool] }] },
          ],
        },
      },
    },
  };
}
