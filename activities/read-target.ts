import { targetFor } from '../domain/target.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { nodeAt } from './node-at.ts';

/**
 * What the node wants, at the given generation of its spec or later.
 *
 * Safe to retry: it only reads.
 */
export function createReadTarget(deps: ActivityDeps): NodeActivities['readTarget'] {
  return async ({ node: ref, atLeastGeneration }) => {
    const node = await nodeAt(deps, ref, atLeastGeneration);
    if (node?.metadata.deletionTimestamp !== undefined || node === undefined) return undefined;
    const target = targetFor(node, deps.policy.defaultSidecarImage);
    return { generation: node.metadata.generation, target };
  };
}
