import { rbacProxyConfigFor } from '../manifests/rbac-proxy-config.ts';
import { applyOwned } from './apply-owned.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { nodeToApply } from './node-at.ts';

/**
 * Applies the ConfigMap that says who may talk to the sidecar, unless one of its name is somebody
 * else's.
 *
 * Safe to retry: server-side apply of the same object, named by its UID, changes nothing the second
 * time, and what a first attempt created is found to be ours.
 */
export function createApplyRbacProxyConfig(
  deps: ActivityDeps,
): NodeActivities['applyRbacProxyConfig'] {
  return async ({ node: ref, generation = 0 }) => {
    const node = await nodeToApply(deps, ref, generation);
    if (node === undefined) return;
    await applyOwned(deps, node, rbacProxyConfigFor(node), {
      kind: 'ConfigMap',
      among: ({ configMap }) => configMap,
      apply: (desired, uid) => deps.api.applyConfigMap(desired, uid),
      create: (desired) => deps.api.createConfigMap(desired),
    });
  };
}
