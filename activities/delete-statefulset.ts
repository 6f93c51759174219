import { keepsWhatItOwns } from '../domain/orphaning.ts';
import { isNotFound } from '../kubernetes/errors.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { nodeLive } from './node-at.ts';

/**
 * Deletes the node's StatefulSet, unless the deletion asks for it to stay. One that belongs to somebody else
 * is left alone.
 *
 * Safe to retry: it is read live in the same attempt and deleted by UID and resourceVersion.
 */
export function createDeleteStatefulSet(deps: ActivityDeps): NodeActivities['deleteStatefulSet'] {
  return async ({ node: ref }) => {
    const node = await nodeLive(deps, ref);
    if (node === undefined || keepsWhatItOwns(node)) return;
    const found = await deps.api.getStatefulSet(ref);
    if (found === undefined || found.terminating || found.owner?.uid !== ref.uid) return;
    try {
      await deps.api.deleteStatefulSet(found);
    } catch (err) {
      if (!isNotFound(err)) throw err;
    }
  };
}
