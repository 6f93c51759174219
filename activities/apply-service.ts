import { serviceFor } from '../manifests/service.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { applyOwned } from './shared/apply-owned.ts';
import { getNodeToApply } from './shared/get-node.ts';

/**
 * Applies the headless Service, unless a foreign object has its name.
 *
 * Safe to retry: server-side apply of the same object, named by its UID, changes nothing the second time, and an object
 * that a first attempt created is found to be ours.
 */
export function createApplyService(deps: ActivityDeps): NodeActivities['applyService'] {
  return async ({ node: ref, generation = 0 }) => {
    const node = await getNodeToApply(deps, ref, generation);
    if (node === undefined) return;
    await applyOwned(deps, node, serviceFor(node), {
      kind: 'Service',
      among: ({ service }) => service,
      apply: (desired, uid) => deps.api.applyService(desired, uid),
      create: (desired) => deps.api.createService(desired),
    });
  };
}
