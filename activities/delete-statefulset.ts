import { keepsWhatItOwns } from '../domain/orphaning.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import type { StatefulSetView } from '../domain/stateful-set-view.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { hasLetGo } from './let-go.ts';
import { deletedNodeLive } from './node-at.ts';
import { unlessGone } from './unless-gone.ts';

/**
 * Deletes the StatefulSet of a node that is being deleted, unless the deletion asks for it to stay. One that belongs to somebody else
 * is left alone.
 *
 * Safe to retry: it is read live in the same attempt and deleted by UID and resourceVersion.
 */
export function createDeleteStatefulSet(deps: ActivityDeps): NodeActivities['deleteStatefulSet'] {
  return async ({ node: ref }) => {
    const node = await deletedNodeLive(deps, ref);
    if (node === undefined || keepsWhatItOwns(node)) return;
    const found = await deps.api.getStatefulSet(ref);
    if (found === undefined || found.terminating || !(await isOurs(deps, node, found))) return;
    await unlessGone(() => deps.api.deleteStatefulSet(found));
  };
}

/** Somebody may have taken the owner off it, while nobody saw to that; `--cascade=orphan` does it, too. */
async function isOurs(
  { api }: ActivityDeps,
  node: SeiNode,
  found: StatefulSetView,
): Promise<boolean> {
  if (found.owner !== undefined) return found.owner.uid === node.metadata.uid;
  return found.uid === node.status?.statefulSet?.uid && !(await hasLetGo(api, node));
}
