import { adoption } from '../domain/adoption.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import type { StatefulSetView } from '../domain/stateful-set-view.ts';
import type { Target } from '../domain/target.ts';
import { isConflict } from '../kubernetes/errors.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import { statefulSetFor } from '../manifests/stateful-set.ts';
import type { ActivityDeps } from './deps.ts';
import { permanentFailure } from './failure-policy.ts';
import { nodeLive } from './node-at.ts';

/**
 * Brings the node's StatefulSet to what is rendered for the target: the tracked one, by its UID; else
 * the one found under the name, if it can become the node's; else a new one. Undefined when the node
 * is gone.
 *
 * The healthy case is one request, because the apply itself carries the tracked UID: the API server
 * refuses it when that very StatefulSet is not there.
 */
export async function syncStatefulSet(
  deps: ActivityDeps,
  node: SeiNode,
  target: Target,
): Promise<StatefulSetView | undefined> {
  const desired = statefulSetFor(node, target, deps.platform);
  const tracked = node.status?.statefulSet?.uid;
  if (tracked !== undefined) {
    try {
      return await deps.api.applyStatefulSet(desired, tracked);
    } catch (err) {
      // Missing, replaced, or tracked anew since the cache saw the node: live reads tell which.
      if (!isConflict(err)) throw err;
    }
  }
  const live = await nodeLive(deps, node.metadata);
  if (live === undefined) return undefined;
  const decision = adoption(live, await deps.api.getStatefulSet(node.metadata));
  switch (decision.kind) {
    case 'create':
      // First, because a create whose answer is lost would otherwise look like an impostor.
      await forgetIdentity(deps, live);
      return deps.api.applyStatefulSet(desired, undefined);
    case 'adopt':
      return deps.api.applyStatefulSet(desired, decision.uid);
    case 'wait':
      throw new Error(decision.waitingFor);
    case 'refuse':
      throw permanentFailure(decision.type, decision.message);
    default:
      return assertNever(decision);
  }
}

async function forgetIdentity(deps: ActivityDeps, node: SeiNode): Promise<void> {
  const missing = node.status?.statefulSet?.uid;
  if (missing === undefined) return;
  await updateNodeStatus(deps, node.metadata, ({ status = {} }) => {
    if (status.statefulSet?.uid !== missing) return undefined;
    const { statefulSet: _missing, ...rest } = status;
    return rest;
  });
}
