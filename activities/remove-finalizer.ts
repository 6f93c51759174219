import type { SeiNode } from '../domain/node/sei-node.ts';
import { FINALIZER } from '../domain/node/sei-node.ts';
import { describeLeft, podsOfNode } from '../domain/pod/pods-of-node.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { getDeletedNodeLive } from './shared/get-node.ts';
import { getSeenPods } from './shared/get-seen-pods.ts';
import { hasLetGo } from './shared/let-go.ts';
import { releaseMountLeases } from './shared/mount-leases.ts';
import { unlessGone } from './shared/unless-gone.ts';
import { WaitingFor } from './shared/waiting-for.ts';

/**
 * Removes the finalizer of the deleted node; the garbage collector then deletes what it owns beside its StatefulSet and
 * claim. Does so only after a live look has found no pod of it, whatever others say: its keys are free from then on.
 *
 * Safe to retry: the patch carries the UID and resourceVersion of the read before it, and a node that is gone is the
 * goal. A StatefulSet that was made since it was deleted is deleted again, as it was read.
 */
export function createRemoveFinalizer(deps: ActivityDeps): NodeActivities['removeFinalizer'] {
  return async ({ node: ref }) => {
    const node = await getDeletedNodeLive(deps, ref);
    const finalizers = node?.metadata.finalizers ?? [];
    if (node === undefined || !finalizers.includes(FINALIZER)) return;
    await requirePodsGone(deps, node);
    await releaseMountLeases(deps, node);
    const left = finalizers.filter((finalizer) => finalizer !== FINALIZER);
    await unlessGone(() => deps.api.patchNodeFinalizers(node, left));
  };
}

/** @throws a retryable failure while a pod of the node is left, or may be made, unless the deletion keeps its pods */
async function requirePodsGone(deps: ActivityDeps, node: SeiNode): Promise<void> {
  const seen = await getSeenPods(deps.api, node.metadata);
  const left = podsOfNode(node, seen);
  const { statefulSet } = seen;
  const isOwned = statefulSet?.owner?.uid === node.metadata.uid;
  // A StatefulSet that is being deleted makes no more pods.
  const maker = isOwned && !statefulSet.terminating ? statefulSet : undefined;
  if (left.length === 0 && maker === undefined) return;
  if (await hasLetGo(deps.api, node)) return;
  if (maker !== undefined) await unlessGone(() => deps.api.deleteStatefulSet(maker));
  throw new WaitingFor(
    left.length > 0 ? describeLeft(left) : `StatefulSet ${node.metadata.name} to be gone`,
  );
}
