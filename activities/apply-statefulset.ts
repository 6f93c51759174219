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
    const pass = await syncStatefulSet(deps, node, input.target);
    if (pass.kind !== 'applied') return pass;
    const { uid, generation } = pass.statefulSet;
    return { kind: 'applied', statefulSet: { uid, generation } };
  };
}
