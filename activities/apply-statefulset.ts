import { templateImages } from '../domain/pod/observed-pod.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { isHeld, getNodeUnderPlan } from './shared/get-node.ts';
import { requireKeptData } from './shared/kept-data.ts';
import { takeMountLeases } from './shared/mount-leases.ts';
import { confirmWanted } from './shared/superseded.ts';
import { syncStatefulSet } from './shared/sync-stateful-set.ts';

/**
 * Applies the StatefulSet with the target's images, and tracks its identity on status. A StatefulSet that may have a
 * pod is applied only while the node alone may mount what that pod mounts.
 *
 * Safe to retry: server-side apply of the same object changes nothing the second time, and it carries the tracked UID,
 * so it never reaches another StatefulSet of the name.
 */
export function createApplyStatefulSet(deps: ActivityDeps): NodeActivities['applyStatefulSet'] {
  return async (input) => {
    const seen = await getNodeUnderPlan(deps, input);
    if (seen === undefined) return { kind: 'gone' };
    const still = await confirmWanted(deps, input, seen);
    if (still.kind !== 'wanted') return still;
    if (await isHeld(deps, still.node)) return { kind: 'superseded' };
    if (input.target.replicas === 0) await requireKeptData(deps, still.node);
    else if (await takeMountLeases(deps, still.node)) return { kind: 'mounts-in-use' };
    const pass = await syncStatefulSet(deps, still.node, input.target);
    if (pass.kind !== 'applied') return pass;
    const { uid, generation } = pass.statefulSet;
    const template = templateImages(pass.statefulSet);
    return { kind: 'applied', statefulSet: { uid, generation, ...(template && { template }) } };
  };
}
