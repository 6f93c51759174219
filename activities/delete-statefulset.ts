import { isNotFound } from '../kubernetes/errors.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Deletes the node's StatefulSet. One that belongs to somebody else is left alone.
 *
 * Safe to retry: it is read live in the same attempt and deleted by UID and resourceVersion.
 */
export function createDeleteStatefulSet(deps: ActivityDeps): NodeActivities['deleteStatefulSet'] {
  return async ({ node }) => {
    const found = await deps.api.getStatefulSet(node);
    if (found === undefined || found.terminating || found.owner?.uid !== node.uid) return;
    try {
      await deps.api.deleteStatefulSet(found);
    } catch (err) {
      if (!isNotFound(err)) throw err;
    }
  };
}
