import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { getDueWorkAfterUpdate, getDueWork } from './shared/get-due-work.ts';

/**
 * Decides from live reads which work is due now: a cache that may be behind must not be the reason to conclude that
 * nothing is. Reads the node's objects only where the watcher found something about them, because a run that ends has
 * applied them.
 *
 * Safe to retry: it only reads.
 */
export function createDecideDueWork(deps: ActivityDeps): NodeActivities['decideDueWork'] {
  return async ({ node: ref, told }) => {
    const node = await deps.api.getNode(ref);
    if (node === undefined) return { kind: 'gone' };
    const { namespace, name, uid } = node.metadata;
    if (uid !== ref.uid) return { kind: 'gone', successor: { namespace, name, uid } };
    return told === 'nodeSync' ? getDueWork(deps, node) : getDueWorkAfterUpdate(deps, node);
  };
}
