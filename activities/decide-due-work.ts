import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { dueAfterUpdate, dueFor } from './due-for.ts';

/**
 * The work that is due now, from live reads: that nothing is due must not be concluded from a cache
 * that may be behind. The objects that the node consists of are read only where the watcher found
 * something about them, because a run that ends has applied them.
 *
 * Safe to retry: it only reads.
 */
export function createDecideDueWork(deps: ActivityDeps): NodeActivities['decideDueWork'] {
  return async ({ node: ref, told }) => {
    const node = await deps.api.getNode(ref);
    if (node === undefined) return { kind: 'gone' };
    const { namespace, name, uid } = node.metadata;
    if (uid !== ref.uid) return { kind: 'gone', successor: { namespace, name, uid } };
    return told === 'nodeSync' ? dueFor(deps, node) : dueAfterUpdate(deps, node);
  };
}
