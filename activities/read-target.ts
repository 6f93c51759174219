import { targetFor } from '../domain/target.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { keptNodeLive } from './node-at.ts';

/**
 * What the node wants now. Read live: a rollback changes that by a write of status, which a cache that
 * shows the generation may not have seen yet.
 *
 * Safe to retry: it only reads.
 */
export function createReadTarget(deps: ActivityDeps): NodeActivities['readTarget'] {
  return async ({ node: ref }) => {
    const node = await keptNodeLive(deps, ref);
    if (node === undefined) return undefined;
    const target = targetFor(node, deps.policy.defaultSidecarImage);
    return { generation: node.metadata.generation, target };
  };
}
