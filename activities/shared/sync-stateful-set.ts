import { assertNever } from '../../domain/assert-never.ts';
import type { NodeRef } from '../../domain/node/node-ref.ts';
import type { SeiNodeStatus } from '../../domain/node/sei-node-status.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { Target } from '../../domain/node/target.ts';
import type { StatefulSetSync } from '../../domain/owned/stateful-set-sync.ts';
import { statefulSetSync } from '../../domain/owned/stateful-set-sync.ts';
import type { StatefulSetView } from '../../domain/pod/stateful-set-view.ts';
import { classifyApiError, isConflict } from '../../kubernetes/api/errors.ts';
import { decideNodeStatus, updateNodeStatus } from '../../kubernetes/node-status.ts';
import { statefulSetFor } from '../../manifests/stateful-set.ts';
import type { ActivityDeps } from '../deps.ts';
import { adoptObject } from './adopt-object.ts';
import { getActiveNodeLive } from './get-node.ts';
import { requireKeptData } from './kept-data.ts';
import { permanentFailure } from './permanent-failure.ts';
import { recordEvent } from './record-event.ts';
import { unlessGone } from './unless-gone.ts';
import { WaitingFor } from './waiting-for.ts';

/** The end of one pass. A pass that clears an identity or deletes an impostor applies nothing. */
export type SyncPass =
  | { readonly kind: 'gone' }
  | { readonly kind: 'again' }
  | { readonly kind: 'applied'; readonly statefulSet: StatefulSetView };

/**
 * Makes one pass of converging the node's StatefulSet to what is rendered for the target.
 *
 * The healthy case is one request, because the apply itself carries the tracked UID: the API server refuses it when
 * that very StatefulSet is not there.
 */
export async function syncStatefulSet(
  deps: ActivityDeps,
  node: SeiNode,
  target: Target,
): Promise<SyncPass> {
  const desired = statefulSetFor(node, target, deps.platform);
  const tracked = node.status?.statefulSet?.uid;
  if (tracked !== undefined) {
    try {
      const statefulSet = await deps.api.applyStatefulSet(desired, tracked);
      // The controller ignores a StatefulSet that is being deleted; the next one is made once it is gone.
      if (statefulSet.terminating)
        throw new WaitingFor(`StatefulSet ${statefulSet.name} to be gone`);
      return { kind: 'applied', statefulSet };
    } catch (err) {
      // It is missing, replaced, tracked under another UID since the cache saw the node, or has another update
      // strategy: live reads show which.
      if (!isConflict(err) && classifyApiError(err).kind !== 'invalid') throw err;
    }
  }
  return syncFromLive(deps, node.metadata, desired);
}

async function syncFromLive(
  deps: ActivityDeps,
  ref: NodeRef,
  desired: ReturnType<typeof statefulSetFor>,
): Promise<SyncPass> {
  const node = await getActiveNodeLive(deps, ref);
  if (node === undefined) return { kind: 'gone' };
  const decision = statefulSetSync(node, await deps.api.getStatefulSet(ref));
  if (mayEndPod(decision)) await requireKeptData(deps, node);
  switch (decision.kind) {
    case 'forget':
      return forget(deps, node);
    case 'create': {
      const created = await deps.api.applyStatefulSet(desired, undefined);
      return track(deps, ref, created, 'StatefulSetCreated', 'was created');
    }
    case 'apply': {
      const { found, adopted } = decision;
      if (found.updateStrategy !== 'OnDelete') await deps.api.turnToOnDelete(found);
      const applied = await deps.api.applyStatefulSet(desired, found.uid);
      if (!adopted) return { kind: 'applied', statefulSet: applied };
      return track(deps, ref, applied, 'StatefulSetAdopted', 'was there, and was adopted');
    }
    case 'replace-owner':
      // The next pass finds it to be the node's.
      await adoptObject(deps, ref, decision.found);
      return { kind: 'again' };
    case 'delete-impostor':
      return deleteImpostor(deps, node, decision.found);
    case 'wait':
      throw new WaitingFor(decision.waitingFor);
    case 'refuse':
      throw permanentFailure(decision.type, decision.message);
    default:
      return assertNever(decision);
  }
}

/** True when the next action may end the pod that runs. */
function mayEndPod(decision: StatefulSetSync): boolean {
  switch (decision.kind) {
    case 'forget':
    case 'create':
    case 'delete-impostor':
      return true;
    case 'apply':
      return decision.found.updateStrategy !== 'OnDelete';
    case 'replace-owner':
    case 'wait':
    case 'refuse':
      return false;
    default:
      return assertNever(decision);
  }
}

/**
 * Clears the identity before a new StatefulSet is made. A new one whose identity is then not recorded in time is found
 * untracked and adopted, never taken for an impostor.
 */
async function forget(deps: ActivityDeps, node: SeiNode): Promise<SyncPass> {
  const forgotten = node.status?.statefulSet;
  const result = await updateNodeStatus(deps, node.metadata, (current) =>
    current.status?.statefulSet?.uid === forgotten?.uid ? withoutIdentity(current) : undefined,
  );
  if (result.kind === 'gone') return { kind: 'gone' };
  // Another StatefulSet is tracked by now: the next pass decides about that.
  if (result.kind === 'unchanged') return { kind: 'again' };
  await recordEvent(deps, node.metadata, {
    type: 'Warning',
    reason: 'StatefulSetGone',
    message: `StatefulSet ${node.metadata.name} is gone and is made anew; its data volume was kept`,
    occurrence: forgotten?.uid ?? '',
  });
  return { kind: 'again' };
}

/**
 * Clears the identity and records the UID of the impostor before it deletes that: whatever is lost afterwards, the next
 * pass knows what it may delete, and that nothing is tracked. Decides again from each node that is read on the way, so
 * that no old read deletes anything.
 */
async function deleteImpostor(
  deps: ActivityDeps,
  node: SeiNode,
  found: StatefulSetView,
): Promise<SyncPass> {
  const { name, uid } = found;
  const result = await decideNodeStatus(deps, node.metadata, (current) => {
    const isImpostor = statefulSetSync(current, found).kind === 'delete-impostor';
    return {
      answer: isImpostor,
      status: isImpostor ? { ...withoutIdentity(current), impostor: { name, uid } } : undefined,
    };
  });
  if (result.kind === 'gone') return result;
  if (!result.answer) return { kind: 'again' };
  await unlessGone(() => deps.api.deleteStatefulSet(found));
  await recordEvent(deps, node.metadata, {
    type: 'Warning',
    reason: 'ImpostorDeleted',
    message: `StatefulSet ${name} with UID ${uid} was not the node's and was deleted; it is made anew`,
    occurrence: uid,
  });
  return { kind: 'again' };
}

async function track(
  deps: ActivityDeps,
  ref: NodeRef,
  statefulSet: StatefulSetView,
  reason: string,
  what: string,
): Promise<SyncPass> {
  const { name, uid } = statefulSet;
  const result = await decideNodeStatus(deps, ref, (node) => {
    const { impostor: _deleted, ...status } = node.status ?? {};
    const tracked = status.statefulSet?.uid;
    // An attempt that outlived its time-out must not overwrite what a later one has tracked.
    if (tracked !== undefined && tracked !== uid) return { answer: false, status: undefined };
    return { answer: true, status: { ...status, statefulSet: { name, uid } } };
  });
  if (result.kind === 'gone') return result;
  if (!result.answer) return { kind: 'again' };
  await recordEvent(deps, ref, {
    type: 'Normal',
    reason,
    message: `StatefulSet ${name} ${what}`,
    occurrence: uid,
  });
  return { kind: 'applied', statefulSet };
}

function withoutIdentity(node: SeiNode): SeiNodeStatus {
  const { statefulSet: _forgotten, ...status } = node.status ?? {};
  return status;
}
