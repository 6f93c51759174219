import { targetFor } from '../domain/node/target.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { getActiveNodeLive } from './shared/get-node.ts';

/**
 * Reads the target that the node wants now. Reads live: a rollback changes the target by a write of status, which a
 * cache that shows the generation may not show yet.
 *
 * Safe to retry: it only reads.
 */
export function createReadTarget(deps: ActivityDeps): NodeActivities['readTarget'] {
  return async ({ node: ref }) => {
    const node = await getActiveNodeLive(deps, ref);
    if (node === undefined) return undefined;
    const target = targetFor(node, deps.policy.defaultSidecarImage);
    return { generation: node.metadata.generation, target };
  };
}
