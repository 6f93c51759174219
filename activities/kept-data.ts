import { isStalledByVolume, terminatingVolume } from '../domain/mounts.ts';
import type { PodView } from '../domain/pod-view.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import type { Stall } from '../domain/stall.ts';
import { clearedStall, stalledNode, statusWithConditions } from '../domain/status-conditions.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import { claimView } from '../kubernetes/views/claim-view.ts';
import { dataVolumeClaimName } from '../manifests/object-metadata.ts';
import type { ActivityDeps } from './deps.ts';
import { recordEvent } from './record-event.ts';
import { seenPods } from './seen-pods.ts';
import { stalledBy } from './stalled-by.ts';

/**
 * Stops a step that would end the node's pod while the claim of its data is being deleted: the claim goes
 * with the last pod that uses it. A pod that somebody has told to go is not kept by any step of ours.
 *
 * Safe to repeat: it reads, and recording what is recorded changes nothing.
 *
 * @throws a retryable failure while that holds: the node is Stalled as long.
 */
export async function requireKeptData(deps: ActivityDeps, node: SeiNode): Promise<void> {
  const { namespace } = node.metadata;
  const name = dataVolumeClaimName(node);
  const claim = await deps.api.getPersistentVolumeClaim({ namespace, name });
  const stall = claim && terminatingVolume(`PersistentVolumeClaim ${name}`, claimView(claim));
  if (stall === undefined || !(await hasPod(deps, node))) {
    if (isStalledByVolume(node)) await settle(deps, node);
    return;
  }
  await tell(deps, node, stall, claim?.metadata?.uid ?? '');
  throw stalledBy(stall);
}

/** Whoever made it: a pod of the node's name or label has the node's claim mounted. */
async function hasPod(deps: ActivityDeps, { metadata }: SeiNode): Promise<boolean> {
  const { labelled, named } = await seenPods(deps.api, metadata);
  const isToStay = (pod: PodView | undefined) =>
    pod !== undefined && pod.deletionTimestamp === undefined;
  return isToStay(named) || labelled.some(isToStay);
}

async function settle(deps: ActivityDeps, { metadata }: SeiNode): Promise<void> {
  await updateNodeStatus(deps, metadata, (current) =>
    isStalledByVolume(current)
      ? statusWithConditions(current, clearedStall(current.status ?? {}), deps.now().toISOString())
      : undefined,
  );
}

async function tell(
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
