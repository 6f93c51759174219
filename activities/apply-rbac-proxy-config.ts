import { rbacProxyConfigFor } from '../manifests/rbac-proxy-config.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { applyOwned } from './shared/apply-owned.ts';
import { getNodeToApply } from './shared/get-node.ts';

/**
 * Applies the ConfigMap that says who may talk to the sidecar, unless a foreign object has its name.
 *
 * Safe to retry: server-side apply of the same object, named by its UID, changes nothing the second time, and an object
 * that a first attempt created is found to be ours.
 */
export function createApplyRbacProxyConfig(
  deps: ActivityDeps,
): NodeActivities['applyRbacProxyConfig'] {
  return async ({ node: ref, generation = 0 }) => {
    const node = await getNodeToApply(deps, ref, generation);
    if (node === undefined) return;
    await applyOwned(deps, node, rbacProxyConfigFor(node), {
      kind: 'ConfigMap',
      among: ({ configMap }) => configMap,
      apply: (desired, uid) => deps.api.applyConfigMap(desired, uid),
      create: (desired) => deps.api.createConfigMap(desired),
    });
  };
}
