import type { NodeRef } from '../../domain/node/node-ref.ts';
import type { FoundObject } from '../../domain/owned/owned-object.ts';
import { ownershipOf } from '../../domain/owned/owned-object.ts';
import { ownedMetadata } from '../../manifests/object-metadata.ts';
import type { ActivityDeps } from '../deps.ts';
import { getActiveNodeLive } from './get-node.ts';

/**
 * Makes the node the owner of an object that provably belongs to it, in place of the earlier owners.
 *
 * Reads the node after the object was read: an attempt that works for a node that is gone must neither take what a
 * later node of the same name has, nor bind data to a node that the garbage collector knows as gone.
 *
 * Safe to repeat: the patch carries the UID and resourceVersion of the read that it was decided from.
 *
 * @param labelled `labelled` adds the node's labels. An object that is applied gets them by the apply, and loses them
 *   by an apply once they are no longer rendered.
 * @returns false where nothing was written, because the node is gone
 */
export async function adoptObject(
  deps: Pick<ActivityDeps, 'api'>,
  ref: NodeRef,
  found: FoundObject,
  labelled: 'labelled' | 'as it is' = 'as it is',
): Promise<boolean> {
  const node = await getActiveNodeLive(deps, ref);
  if (node === undefined || ownershipOf(node, found).kind !== 'adoptable') return false;
  const { ownerReferences = [], labels = {} } = ownedMetadata(node, found.name);
  await deps.api.adoptObject(found, {
    ownerReferences,
    ...(labelled === 'labelled' && { labels }),
  });
  return true;
}
