import { isStalledByVolume, terminatingVolume } from '../../domain/mounts/mounts.ts';
import { dataVolumeClaimName } from '../../domain/node/data-volume.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { Stall } from '../../domain/node/stall.ts';
import type { PodView } from '../../domain/pod/pod-view.ts';
import {
  clearedStall,
  stalledNode,
  statusWithConditions,
} from '../../domain/status/status-conditions.ts';
import { updateNodeStatus } from '../../kubernetes/node-status.ts';
import { claimView } from '../../kubernetes/views/claim-view.ts';
import type { ActivityDeps } from '../deps.ts';
import { getSeenPods } from './get-seen-pods.ts';
import { recordEvent } from './record-event.ts';
import { stalledBy } from './stalled-by.ts';

/**
 * Stops a step that would end the node's pod while the claim of its data is being deleted: the claim goes with the last
 * pod that uses it. A pod that somebody else has deleted already does not count.
 *
 * Safe to repeat: it reads, and recording what is already recorded changes nothing.
 *
 * @throws a retryable failure while that holds; the node is Stalled meanwhile
 */
export async function requireKeptData(deps: ActivityDeps, node: SeiNode): Promise<void> {
  const { namespace } = node.metadata;
  const name = dataVolumeClaimName(node);
  const claim = await deps.api.getPersistentVolumeClaim({ namespace, name });
  const stall = claim && terminatingVolume(`PersistentVolumeClaim ${name}`, claimView(claim));
  if (stall === undefined || !(await hasPod(deps, node))) {
    if (isStalledByVolume(node)) await endStall(deps, node);
    return;
  }
  await recordStall(deps, node, stall, claim?.metadata?.uid ?? '');
  throw stalledBy(stall);
}

/**
 * True when a pod of the name or label of the node will stay, whoever made it: it has the claim of the node mounted.
 */
async function hasPod(deps: ActivityDeps, { metadata }: SeiNode): Promise<boolean> {
  const { labelled, named } = await getSeenPods(deps.api, metadata);
  const isToStay = (pod: PodView | undefined) =>
    pod !== undefined && pod.deletionTimestamp === undefined;
  return isToStay(named) || labelled.some(isToStay);
}

async function endStall(deps: ActivityDeps, { metadata }: SeiNode): Promise<void> {
  await updateNodeStatus(deps, metadata, (current) =>
    isStalledByVolume(current)
      ? statusWithConditions(current, clearedStall(current.status ?? {}), deps.now().toISOString())
      : undefined,
  );
}

async function recordStall(
  deps: ActivityDeps,
  { metadata }: SeiNode,
  stall: Stall,
  claimUid: string,
): Promise<void> {
  const result = await updateNodeStatus(deps, metadata, (current) =>
    stalledNode(current, stall, deps.now().toISOString()),
  );
  if (result.kind !== 'written') return;
  await recordEvent(deps, metadata, {
    type: 'Warning',
    reason: 'Stalled',
    message: `${stall.reason}: ${stall.message}`,
    occurrence: claimUid,
  });
}
