import type { NodeRef } from '../domain/node-ref.ts';
import type { FoundObject } from '../domain/owned-object.ts';
import { ownershipOf } from '../domain/owned-object.ts';
import { ownedMetadata } from '../manifests/object-metadata.ts';
import type { ActivityDeps } from './deps.ts';
import { keptNodeLive } from './node-at.ts';

/**
 * Puts the node in the place of the owners of an object that provably is its own.
 *
 * The node is read after the object was: an attempt that works for a node that is gone must neither take
 * what a later one of its name has, nor bind data to a node that the garbage collector knows as gone.
 *
 * Safe to repeat: the patch carries the UID and the resourceVersion of the read that it was decided from.
 *
 * @param labelled whether it gets the node's labels too. What is applied gets them by that, and loses
 *   them by that once they are rendered no more.
 * @returns false where nothing was written, because the node is gone
 */
export async function adoptObject(
  deps: Pick<ActivityDeps, 'api'>,
  ref: NodeRef,
  found: FoundObject,
  labelled: 'labelled' | 'as it is' = 'as it is',
): Promise<boolean> {
  const node = await keptNodeLive(deps, ref);
  if (node === undefined || ownershipOf(node, found).kind !== 'adoptable') return false;
  const { ownerReferences = [], labels = {} } = ownedMetadata(node, found.name);
  await deps.api.adoptObject(found, {
    ownerReferences,
    ...(labelled === 'labelled' && { labels }),
  });
  return true;
}
