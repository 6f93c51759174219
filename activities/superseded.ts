import type { SeiNode } from '../domain/sei-node.ts';
import { isSameTarget, targetFor } from '../domain/target.ts';
import type { AttemptInput, NodeGone, Superseded } from './contract/plan.ts';
import type { RolloutInput } from './contract/rollout.ts';
import type { ActivityDeps } from './deps.ts';
import { isBeingDeleted, keptNodeLive } from './node-at.ts';

/** An attempt, and the StatefulSet that it is about, as soon as it knows one. */
type Attempt = AttemptInput & Partial<Pick<RolloutInput, 'statefulSet'>>;

/**
 * Confirms, live, that the attempt's node still wants the attempt's target, where a cache says that it
 * does not. A rollback changes the target without a new generation, so a cache that has not seen it yet
 * looks like one that has seen it end; the attempts of a run that believed that would supersede each
 * other until it catches up.
 *
 * @param seen the node as a cache, or a live read, has it.
 */
export async function stillWanted(
  deps: Pick<ActivityDeps, 'api' | 'policy'>,
  input: Attempt,
  seen: SeiNode,
): Promise<NodeGone | Superseded | { readonly kind: 'wanted'; readonly node: SeiNode }> {
  if (!mayBeSuperseded(deps, input, seen)) return { kind: 'wanted', node: seen };
  const live = await keptNodeLive(deps, input.node);
  if (live === undefined) return { kind: 'gone' };
  return isSuperseded(deps, input, live) ? { kind: 'superseded' } : { kind: 'wanted', node: live };
}

/**
 * Whether only a live read can tell that the node wants the attempt's target: a cached one wants another, or is
 * older than the attempt says to be.
 */
export function mayBeSuperseded(
  deps: Pick<ActivityDeps, 'policy'>,
  input: Attempt,
  cached: SeiNode,
): boolean {
  return cached.metadata.generation < input.generation || isSuperseded(deps, input, cached);
}

/**
 * Whether the node, as it was read live, wants something else than the attempt says, or has another
 * StatefulSet. The target is the live node's, whatever generation the attempt names: everybody who may write to
 * Temporal can schedule an attempt.
 */
export function isSuperseded(
  deps: Pick<ActivityDeps, 'policy'>,
  input: Attempt,
  node: SeiNode,
): boolean {
  return (
    isBeingDeleted(node) ||
    !isSameTarget(targetFor(node, deps.policy.defaultSidecarImage), input.target) ||
    (input.statefulSet !== undefined && input.statefulSet.uid !== node.status?.statefulSet?.uid)
  );
}
