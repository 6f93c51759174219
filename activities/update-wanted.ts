import { planUnderWay } from '../domain/entitled.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import type { NodeGone, Superseded } from './contract/plan.ts';
import type { RolloutInput } from './contract/rollout.ts';
import type { ActivityDeps } from './deps.ts';
import { keptNodeLive } from './node-at.ts';
import { isSuperseded } from './superseded.ts';

/**
 * Looks live, right before something is done that cannot be taken back, whether the update is still wanted: whoever
 * holds the node, or wants something else of it, may have been answered while the attempt was cut off from
 * Temporal.
 */
export async function updateWanted(
  deps: Pick<ActivityDeps, 'api' | 'policy'>,
  input: RolloutInput,
): Promise<NodeGone | Superseded | { readonly kind: 'wanted'; readonly node: SeiNode }> {
  const node = await keptNodeLive(deps, input.node);
  if (node === undefined) return { kind: 'gone' };
  const isWanted =
    node.status?.hold === undefined &&
    planUnderWay(node, input.planId) !== undefined &&
    !isSuperseded(deps, input, node);
  return isWanted ? { kind: 'wanted', node } : { kind: 'superseded' };
}
