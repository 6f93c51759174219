import type { SeiNode } from '../../domain/node/sei-node.ts';
import { planUnderWay } from '../../domain/plan/entitled.ts';
import type { NodeGone, Superseded } from '../contract/plan.ts';
import type { RolloutInput } from '../contract/rollout.ts';
import type { ActivityDeps } from '../deps.ts';
import { getActiveNodeLive } from './get-node.ts';
import { isSuperseded } from './superseded.ts';

/**
 * Confirms by a live read, right before an action that cannot be undone, that the update is still wanted: somebody may
 * have held the node, or asked for something else, and have been answered while the attempt was cut off from Temporal.
 */
export async function confirmUpdateWanted(
  deps: Pick<ActivityDeps, 'api' | 'policy'>,
  input: RolloutInput,
): Promise<NodeGone | Superseded | { readonly kind: 'wanted'; readonly node: SeiNode }> {
  const node = await getActiveNodeLive(deps, input.node);
  if (node === undefined) return { kind: 'gone' };
  const isWanted =
    node.status?.hold === undefined &&
    planUnderWay(node, input.planId) !== undefined &&
    !isSuperseded(deps, input, node);
  return isWanted ? { kind: 'wanted', node } : { kind: 'superseded' };
}
