import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';

import { assertNever } from '../domain/assert-never.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import { ownershipOf } from '../domain/owned/owned-object.ts';
import { isAlreadyExists } from '../kubernetes/api/errors.ts';
import { foundClaim } from '../kubernetes/views/claim-view.ts';
import { guardBootstrapImage } from '../manifests/bootstrap-image-guard.ts';
import { dataVolumeClaimFor } from '../manifests/data-volume-claim.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { adoptClaim } from './shared/adopt-claim.ts';
import { getNodeToApply } from './shared/get-node.ts';
import { requireMounts } from './shared/mounts.ts';
import { permanentFailure } from './shared/permanent-failure.ts';
import { WaitingFor } from './shared/waiting-for.ts';

/**
 * Makes sure that the node has its data volume claim. Of an existing claim it changes nothing but the owner, and only
 * where the claim provably is the node's. An imported claim is the user's: it is only looked at, as are the Secrets
 * that the pod mounts.
 *
 * Safe to retry: creating an existing claim counts as done, an adopted claim is found to be ours, and everything else
 * is looked at again.
 */
export function createEnsureDataPvc(deps: ActivityDeps): NodeActivities['ensureDataPvc'] {
  return async ({ node: ref }) => {
    const node = await getNodeToApply(deps, ref, 0);
    if (node === undefined) return;
    guardBootstrapImage(node);
    const desired = dataVolumeClaimFor(node, deps.platform);
    const isNew = desired === undefined || (await createClaim(deps, node, desired));
    await requireMounts(deps, ref, isNew ? 'imported' : 'all');
  };
}

/** @returns true when this call created the claim */
async function createClaim(
  deps: ActivityDeps,
  node: SeiNode,
  desired: V1PersistentVolumeClaim,
): Promise<boolean> {
  try {
    await deps.api.createPersistentVolumeClaim(desired);
    return true;
  } catch (err) {
    if (!isAlreadyExists(err)) throw err;
    await takeUpClaim(deps, node, desired.metadata?.name ?? '');
    return false;
  }
}

/** @throws a permanent ForeignOwner for a claim that is not the node's */
async function takeUpClaim(deps: ActivityDeps, node: SeiNode, name: string): Promise<void> {
  const { namespace } = node.metadata;
  const existing = await deps.api.getPersistentVolumeClaim({ namespace, name });
  if (existing === undefined) {
    throw new Error(`PersistentVolumeClaim ${name} was there and is gone: it is created next`);
  }
  const claim = foundClaim(existing);
  const ownership = ownershipOf(node, claim);
  switch (ownership.kind) {
    case 'ours':
      return;
    case 'adoptable':
      return adoptClaim(deps, node.metadata, claim);
    case 'wait':
      throw new WaitingFor(ownership.waitingFor);
    case 'refuse':
      throw permanentFailure(ownership.type, ownership.message);
    default:
      return assertNever(ownership);
  }
}
