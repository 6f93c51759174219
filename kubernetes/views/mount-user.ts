import type { V1ObjectMeta, V1Pod, V1PodSpec, V1StatefulSet } from '@kubernetes/client-node';

import type { MountUser } from '../../domain/mounts/exclusive-mounts.ts';
import { NODE_LABEL } from '../../domain/node/sei-node.ts';
import { hasEnded } from '../../domain/pod/pod-view.ts';

/** Lists what a pod mounts. Once all its containers have ended for good, none of them uses anything. */
export function mountUserOfPod({ metadata, spec, status }: V1Pod): readonly MountUser[] {
  if (status !== undefined && hasEnded(status)) return [];
  return [userOf(metadata, spec)];
}

/**
 * Lists what the next pod of a StatefulSet mounts: its controller may make that at any time, unless it is scaled to
 * zero.
 */
export function mountUserOfStatefulSet({ metadata, spec }: V1StatefulSet): readonly MountUser[] {
  if (spec?.replicas === 0) return [];
  return [userOf(metadata, spec?.template.spec)];
}

function userOf(metadata: V1ObjectMeta | undefined, pod: V1PodSpec | undefined): MountUser {
  const volumes = pod?.volumes ?? [];
  return {
    node: metadata?.labels?.[NODE_LABEL] ?? '',
    secrets: volumes.flatMap(({ secret }) => secret?.secretName ?? []),
    claims: volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []),
  };
}
