import { FailureType } from '../../domain/failure/failure-type.ts';
import type { NodeRef } from '../../domain/node/node-ref.ts';
import { podNameOf } from '../../domain/node/node-ref.ts';
import type { FoundObject } from '../../domain/owned/owned-object.ts';
import type { ActivityDeps } from '../deps.ts';
import { adoptObject } from './adopt-object.ts';
import { permanentFailure } from './permanent-failure.ts';
import { recordEvent } from './record-event.ts';

/**
 * Makes a claim that provably holds the node's data the node's own, as after a backup tool has restored it. From then
 * on the claim is deleted with the node.
 *
 * Safe to repeat: see `adoptObject`; an adopted claim is found to be ours.
 *
 * @throws a permanent ForeignOwner while a foreign pod uses it, or another node imports it
 */
export async function adoptClaim(
  deps: ActivityDeps,
  ref: NodeRef,
  claim: FoundObject,
): Promise<void> {
  await refuseImportedClaim(deps, ref, claim);
  await refuseUsedClaim(deps, ref, claim);
  if (!(await adoptObject(deps, ref, claim, 'labelled'))) return;
  await recordEvent(deps, ref, {
    type: 'Normal',
    reason: 'DataVolumeAdopted',
    message: `PersistentVolumeClaim ${claim.name} was there, and was adopted: it is deleted with the SeiNode`,
    occurrence: claim.uid,
  });
}

/**
 * Refuses a claim that another node imports: that node counts on the claim to stay, even while it has no pod. A node
 * that begins to import the claim after its adoption finds whose it is.
 *
 * @throws a permanent ForeignOwner while another node imports it
 */
async function refuseImportedClaim(
  { api }: Pick<ActivityDeps, 'api'>,
  ref: NodeRef,
  claim: FoundObject,
): Promise<void> {
  const nodes = await api.listNodes(ref.namespace);
  const other = nodes.find(
    ({ metadata, spec }) =>
      metadata.uid !== ref.uid && spec.dataVolume?.import?.pvcName === claim.name,
  );
  if (other === undefined) return;
  throw permanentFailure(
    FailureType.ForeignOwner,
    `PersistentVolumeClaim ${claim.name} exists, and SeiNode ${other.metadata.name} imports it: delete that SeiNode, or give this one another name`,
  );
}

/** @throws a permanent ForeignOwner while a foreign pod uses the claim */
async function refuseUsedClaim(
  { api }: Pick<ActivityDeps, 'api'>,
  ref: NodeRef,
  claim: FoundObject,
): Promise<void> {
  const pods = await api.listPodsWithClaim(claim);
  const own = podNameOf(ref);
  const other = pods.find(({ name, node }) => name !== own || node !== ref.name);
  if (other === undefined) return;
  throw permanentFailure(
    FailureType.ForeignOwner,
    `PersistentVolumeClaim ${claim.name} exists, and Pod ${other.name}, which is not of this SeiNode, uses it: end that pod, or give the SeiNode another name`,
  );
}
