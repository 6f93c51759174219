import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { nodeAt } from './node-at.ts';
import { syncStatefulSet } from './sync-stateful-set.ts';
import { isSuperseded } from './watch-attempt.ts';

/**
 * Applies the StatefulSet with the target's images, and tracks its identity on status.
 *
 * Safe to retry: server-side apply of the same object changes nothing the second time, and it names
 * the tracked UID, so it never reaches another StatefulSet of the name.
 */
export function createApplyStatefulSet(deps: ActivityDeps): NodeActivities['applyStatefulSet'] {
  return async (input) => {
    const node = await nodeAt(deps, input.node, input.generation);
    if (node === undefined) return { kind: 'gone' };
    if (isSuperseded(deps, input, node)) return { kind: 'superseded' };
    const synced = await syncStatefulSet(deps, node, input.target);
    if (synced === undefined) return { kind: 'gone' };
    const { name, uid, generation } = synced;
    if (node.status?.statefulSet?.uid !== uid) {
      const tracked = await updateNodeStatus(deps, input.node, (current) => ({
        ...current.status,
        statefulSet: { name, uid },
      }));
      if (tracked.kind === 'gone') return { kind: 'gone' };
    }
    return { kind: 'applied', statefulSet: { uid, generation } };
  };
}
