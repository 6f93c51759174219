import { assertNever } from '../../domain/assert-never.ts';
import { dataVolumeClaimName } from '../../domain/node/data-volume.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { Target } from '../../domain/node/target.ts';
import type { FoundObject, Ownership } from '../../domain/owned/owned-object.ts';
import { foundObject, importOwnership, ownershipOf } from '../../domain/owned/owned-object.ts';
import type { OwnedObjects } from '../../kubernetes/cluster.ts';
import { foundClaim } from '../../kubernetes/views/claim-view.ts';
import { ownedNames } from '../../manifests/object-metadata.ts';
import { statefulSetFor } from '../../manifests/stateful-set.ts';
import type { ActivityDeps } from '../deps.ts';
import { adoptClaim } from './adopt-claim.ts';
import { permanentFailure } from './permanent-failure.ts';

/**
 * Checks, before anything of the node is written, that everything may be written: the spec can be rendered, its images
 * are allowed, and no foreign object has one of the node's names. Adopts a claim that a backup tool has restored at
 * once, because the garbage collector removes objects whose owner is gone; each step adopts its own other objects.
 *
 * Safe to repeat: it reads, and an adopted claim is found to be ours.
 *
 * @throws InvalidSpecError, or a permanent ForeignOwner; then nothing was written
 */
export async function preflight(deps: ActivityDeps, node: SeiNode, target: Target): Promise<void> {
  statefulSetFor(node, target, deps.platform);
  const { namespace } = node.metadata;
  const [objects, live] = await Promise.all([
    deps.api.getOwnedObjects(ownedNames(node)),
    deps.api.getPersistentVolumeClaim({ namespace, name: dataVolumeClaimName(node) }),
  ]);
  for (const object of foundIn(objects)) refuseForeign(ownershipOf(node, object));
  if (live === undefined) return;
  const claim = foundClaim(live);
  const isImported = node.spec.dataVolume?.import !== undefined;
  const ownership = isImported ? importOwnership(node, claim) : ownershipOf(node, claim);
  refuseForeign(ownership);
  if (ownership.kind === 'adoptable') await adoptClaim(deps, node.metadata, claim);
}

/**
 * Does the same for a node that is probably as it should be: it sends no request where the watches show that every
 * object is there and belongs to the node. Each apply carries the UID of what was seen, and never reaches another
 * object.
 */
export async function preflightUnlessKnown(
  deps: ActivityDeps,
  node: SeiNode,
  target: Target,
): Promise<void> {
  statefulSetFor(node, target, deps.platform);
  const seen = deps.cache.ownedObjects(ownedNames(node));
  const found = foundIn(seen);
  const isKnown =
    found.length === Object.keys(seen).length &&
    seen.statefulSet?.uid === node.status?.statefulSet?.uid &&
    found.every((object) => ownershipOf(node, object).kind === 'ours');
  if (!isKnown) await preflight(deps, node, target);
}

function foundIn({ statefulSet, service, configMap }: OwnedObjects): readonly FoundObject[] {
  const found: FoundObject[] = [];
  if (statefulSet !== undefined) found.push(foundObject('StatefulSet', statefulSet));
  if (service !== undefined) found.push(foundObject('Service', service));
  if (configMap !== undefined) found.push(foundObject('ConfigMap', configMap));
  return found;
}

/** @throws a permanent ForeignOwner */
function refuseForeign(ownership: Ownership): void {
  switch (ownership.kind) {
    case 'refuse':
      throw permanentFailure(ownership.type, ownership.message);
    case 'ours':
    case 'adoptable':
    case 'wait':
      // Each step waits for the object that blocks it.
      return;
    default:
      assertNever(ownership);
  }
}
