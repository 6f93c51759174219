import { serviceFor } from '../manifests/service.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { nodeAt } from './node-at.ts';

/**
 * Applies the headless Service.
 *
 * Safe to retry: server-side apply of the same object changes nothing the second time.
 */
export function createApplyService(deps: ActivityDeps): NodeActivities['applyService'] {
  return async ({ node: ref }) => {
    const node = await nodeAt(deps, ref, 0);
    if (node !== undefined) await deps.api.applyService(serviceFor(node));
  };
}
