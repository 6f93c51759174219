import type { SeiNode } from '../domain/node/sei-node.ts';
import { keepsWhatItOwns } from '../domain/owned/orphaning.ts';
import type { StatefulSetView } from '../domain/pod/stateful-set-view.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { getDeletedNodeLive } from './shared/get-node.ts';
import { hasLetGo } from './shared/let-go.ts';
import { unlessGone } from './shared/unless-gone.ts';

/**
 * Deletes the StatefulSet of a deleted node, unless the deletion asks to keep it. A foreign StatefulSet is left alone.
 *
 * Safe to retry: it is read live in the same attempt and deleted by UID and resourceVersion.
 */
export function createDeleteStatefulSet(deps: ActivityDeps): NodeActivities['deleteStatefulSet'] {
  return async ({ node: ref }) => {
    const node = await getDeletedNodeLive(deps, ref);
    if (node === undefined || keepsWhatItOwns(node)) return;
    const found = await deps.api.getStatefulSet(ref);
    if (found === undefined || found.terminating || !(await isOurs(deps, node, found))) return;
    await unlessGone(() => deps.api.deleteStatefulSet(found));
  };
}

/**
 * A StatefulSet without an owner is ours if it is tracked: somebody may have removed the owner while no operator ran.
 * `--cascade=orphan` removes it, too, and then it is not ours.
 */
async function isOurs(
  { api }: ActivityDeps,
  node: SeiNode,
  found: StatefulSetView,
): Promise<boolean> {
  if (found.owner !== undefined) return found.owner.uid === node.metadata.uid;
  return found.uid === node.status?.statefulSet?.uid && !(await hasLetGo(api, node));
}
