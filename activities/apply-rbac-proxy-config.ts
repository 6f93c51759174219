import { rbacProxyConfigFor } from '../manifests/rbac-proxy-config.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { nodeAt } from './node-at.ts';

/**
 * Applies the ConfigMap that says who may talk to the sidecar.
 *
 * Safe to retry: server-side apply of the same object changes nothing the second time.
 */
export function createApplyRbacProxyConfig(
  deps: ActivityDeps,
): NodeActivities['applyRbacProxyConfig'] {
  return async ({ node: ref }) => {
    const node = await nodeAt(deps, ref, 0);
    if (node !== undefined) await deps.api.applyConfigMap(rbacProxyConfigFor(node));
  };
}
