import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';

import { isAlreadyExists } from '../kubernetes/errors.ts';
import { guardBootstrapImage } from '../manifests/bootstrap-image-guard.ts';
import { dataVolumeClaimFor } from '../manifests/data-volume-claim.ts';
import { FailureType } from '../domain/failure-type.ts';
import type { NodeRef } from '../domain/node-ref.ts';
import { SEI_NODE_KIND } from '../domain/sei-node.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { permanentFailure } from './failure-policy.ts';
import { nodeAt } from './node-at.ts';
import { requireMounts } from './mounts.ts';
import { WaitingFor } from './waiting-for.ts';

/**
 * Makes sure that the node has its data volume claim, and never changes one that exists. An imported
 * claim is the user's: it is only looked at, as are the Secrets that the pod mounts.
 *
 * Safe to retry: creating what exists is recognised as done, and the rest is looked at again.
 */
export function createEnsureDataPvc(deps: ActivityDeps): NodeActivities['ensureDataPvc'] {
  return async ({ node: ref }) => {
    const node = await nodeAt(deps, ref, 0);
    if (node === undefined) return;
    guardBootstrapImage(node);
    const desired = dataVolumeClaimFor(node, deps.platform);
    const isNew = desired === undefined || (await createClaim(deps, ref, desired));
    await requireMounts(deps, ref, isNew ? 'imported' : 'all');
  };
}

/** @returns whether it was not there before. */
async function createClaim(
  deps: ActivityDeps,
  ref: NodeRef,
  desired: V1PersistentVolumeClaim,
): Promise<boolean> {
  try {
    await deps.api.createPersistentVolumeClaim(desired);
    return true;
  } catch (err) {
    if (!isAlreadyExists(err)) throw err;
    await refuseForeignClaim(deps, ref, desired.metadata?.name ?? '');
    return false;
  }
}

async function refuseForeignClaim(
  deps: ActivityDeps,
  node: { readonly namespace: string; readonly uid: string; readonly name: string },
  claimName: string,
): Promise<void> {
  const key = { namespace: node.namespace, name: claimName };
  const existing = await deps.api.getPersistentVolumeClaim(key);
  const owner = existing?.metadata?.ownerReferences?.find((reference) => reference.controller);
  if (existing === undefined) {
    throw new Error(`PersistentVolumeClaim ${claimName} was there and is gone: it is created next`);
  }
  if (owner?.uid === node.uid) return;
  if (owner?.kind === SEI_NODE_KIND && owner.name === node.name) {
    // The garbage collector removes it as soon as no pod of the deleted node uses it any more.
    throw new WaitingFor(`PersistentVolumeClaim ${claimName} of the deleted SeiNode to be gone`);
  }
  throw permanentFailure(
    FailureType.ForeignOwner,
    `PersistentVolumeClaim ${claimName} exists and ${
      owner === undefined ? 'has no owner' : `belongs to ${owner.kind} ${owner.name}`
    }: delete it, or set spec.dataVolume.import.pvcName of SeiNode ${node.name} to use its data`,
  );
}
