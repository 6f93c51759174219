import type { V1ConfigMap, V1Service } from '@kubernetes/client-node';

import { assertNever } from '../../domain/assert-never.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { LiveObject } from '../../domain/owned/live-object.ts';
import { foundObject, ownershipOf } from '../../domain/owned/owned-object.ts';
import { isConflict } from '../../kubernetes/api/errors.ts';
import type { OwnedObjects } from '../../kubernetes/cluster.ts';
import { ownedNames } from '../../manifests/object-metadata.ts';
import type { ActivityDeps } from '../deps.ts';
import { adoptObject } from './adopt-object.ts';
import { permanentFailure } from './permanent-failure.ts';
import { WaitingFor } from './waiting-for.ts';

/** A kind of object that a node owns beside its StatefulSet, and the calls that write it. */
export interface OwnedWrites<T> {
  readonly kind: 'Service' | 'ConfigMap';
  readonly among: (objects: OwnedObjects) => LiveObject | undefined;
  readonly apply: (desired: T, uid: string) => Promise<void>;
  /** Creates the object and returns its UID. Refused where the name is taken. */
  readonly create: (desired: T) => Promise<string>;
}

/**
 * Applies an object that the node owns, and never a foreign one. The healthy case is one request, because the apply
 * carries the UID of the object that the cache shows to be ours: the API server refuses it for another object.
 *
 * @throws a permanent ForeignOwner for an object of the name that is not the node's
 */
export async function applyOwned<T extends V1Service | V1ConfigMap>(
  deps: Pick<ActivityDeps, 'api' | 'cache'>,
  node: SeiNode,
  desired: T,
  writes: OwnedWrites<T>,
): Promise<void> {
  const { kind } = writes;
  const names = ownedNames(node);
  const cached = writes.among(deps.cache.ownedObjects(names));
  if (cached !== undefined && ownershipOf(node, foundObject(kind, cached)).kind === 'ours') {
    try {
      await writes.apply(desired, cached.uid);
      return;
    } catch (err) {
      // The object is gone, or another one has taken its name.
      if (!isConflict(err)) throw err;
    }
  }
  const live = writes.among(await deps.api.getOwnedObjects(names));
  if (live === undefined) {
    await writes.apply(desired, await writes.create(desired));
    return;
  }
  const found = foundObject(kind, live);
  const ownership = ownershipOf(node, found);
  switch (ownership.kind) {
    case 'adoptable':
      // An apply adds an owner, and the API server refuses a second controller.
      if (ownership.from === 'earlier node' && !(await adoptObject(deps, node.metadata, found))) {
        return;
      }
      await writes.apply(desired, live.uid);
      return;
    case 'ours':
      await writes.apply(desired, live.uid);
      return;
    case 'wait':
      throw new WaitingFor(ownership.waitingFor);
    case 'refuse':
      throw permanentFailure(ownership.type, ownership.message);
    default:
      assertNever(ownership);
  }
}
