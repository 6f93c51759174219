import { keepsWhatItOwns } from '../domain/orphaning.ts';
import { foundObject } from '../domain/owned-object.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import type { ClusterApi } from '../kubernetes/cluster.ts';
import { ownedNames } from '../manifests/object-metadata.ts';

/**
 * Whether a deleted node has let go of what it owned, as `--cascade=orphan` asks. The garbage collector may
 * have been faster than us: it takes its finalizer off once it has taken the node off the owners of everything.
 * A StatefulSet may have lost its owner by hand as well, so the Service tells: who orphans takes both.
 */
export async function hasLetGo(
  api: Pick<ClusterApi, 'getOwnedObjects'>,
  node: SeiNode,
): Promise<boolean> {
  if (keepsWhatItOwns(node)) return true;
  const { service } = await api.getOwnedObjects(ownedNames(node));
  if (service === undefined) return false;
  return !foundObject('Service', service).owners.some(({ uid }) => uid === node.metadata.uid);
}
