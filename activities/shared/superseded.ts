import type { SeiNode } from '../../domain/node/sei-node.ts';
import { isSameTarget, targetFor } from '../../domain/node/target.ts';
import type { AttemptInput, NodeGone, Superseded } from '../contract/plan.ts';
import type { RolloutInput } from '../contract/rollout.ts';
import type { ActivityDeps } from '../deps.ts';
import { isBeingDeleted, getActiveNodeLive } from './get-node.ts';

/** An attempt, and its StatefulSet as soon as it knows one. */
type Attempt = AttemptInput & Partial<Pick<RolloutInput, 'statefulSet'>>;

/**
 * Confirms by a live read that the node still wants the target of the attempt, where a cache says that it does not. A
 * rollback changes the target without a new generation, so a cache that does not show it yet looks like one that shows
 * its end; attempts that believed the cache would supersede each other until it catches up.
 *
 * @param seen the node, as a cache or a live read has it
 */
export async function confirmWanted(
  deps: Pick<ActivityDeps, 'api' | 'policy'>,
  input: Attempt,
  seen: SeiNode,
): Promise<NodeGone | Superseded | { readonly kind: 'wanted'; readonly node: SeiNode }> {
  if (!mayBeSuperseded(deps, input, seen)) return { kind: 'wanted', node: seen };
  const live = await getActiveNodeLive(deps, input.node);
  if (live === undefined) return { kind: 'gone' };
  return isSuperseded(deps, input, live) ? { kind: 'superseded' } : { kind: 'wanted', node: live };
}

/**
 * True when only a live read can confirm the target: the cached node wants another one, or is older than the attempt.
 */
export function mayBeSuperseded(
  deps: Pick<ActivityDeps, 'policy'>,
  input: Attempt,
  cached: SeiNode,
): boolean {
  return cached.metadata.generation < input.generation || isSuperseded(deps, input, cached);
}

/**
 * True when the live node wants something other than the attempt, or has another StatefulSet. The target is that of the
 * live node, whatever generation the attempt names: anybody who may write to Temporal can schedule an attempt.
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
