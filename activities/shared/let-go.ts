import type { SeiNode } from '../../domain/node/sei-node.ts';
import { keepsWhatItOwns } from '../../domain/owned/orphaning.ts';
import { foundObject } from '../../domain/owned/owned-object.ts';
import type { ClusterApi } from '../../kubernetes/cluster.ts';
import { ownedNames } from '../../manifests/object-metadata.ts';

/**
 * Returns true when a deleted node has let go of what it owned, as `--cascade=orphan` asks. The garbage collector may
 * be faster than the operator: it removes its finalizer once it has removed the node from the owners of everything. A
 * StatefulSet may also have lost its owner by hand, so the Service decides: orphaning takes the owner off both.
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
