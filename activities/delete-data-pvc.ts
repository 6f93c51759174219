import { ownClaimName } from '../domain/node/node-ref.ts';
import { keepsWhatItOwns } from '../domain/owned/orphaning.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { getDeletedNodeLive } from './shared/get-node.ts';
import { unlessGone } from './shared/unless-gone.ts';

/**
 * Deletes the data volume claim that the operator made for a deleted node. An imported claim is the user's and stays:
 * it is neither named here nor owned by the node. So does one that the deletion asks to keep.
 *
 * Safe to retry: the claim is read live in the same attempt and deleted by UID and resourceVersion.
 */
export function createDeleteDataPvc(deps: ActivityDeps): NodeActivities['deleteDataPvc'] {
  return async ({ node: ref }) => {
    const node = await getDeletedNodeLive(deps, ref);
    if (node === undefined || keepsWhatItOwns(node)) return;
    if (node.spec.dataVolume?.import !== undefined) return;
    const key = { namespace: ref.namespace, name: ownClaimName(ref) };
    const claim = await deps.api.getPersistentVolumeClaim(key);
    const { uid, resourceVersion, deletionTimestamp, ownerReferences } = claim?.metadata ?? {};
    const isOurs = ownerReferences?.some((owner) => owner.uid === ref.uid) === true;
    if (!isOurs || deletionTimestamp !== undefined || !uid || !resourceVersion) return;
    await unlessGone(() => deps.api.deletePersistentVolumeClaim({ ...key, uid, resourceVersion }));
  };
}
