import type { SeiNode } from '../domain/sei-node.ts';
import { isSameTarget, targetFor } from '../domain/target.ts';
import type { AttemptInput, NodeGone, Superseded } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { isBeingDeleted, keptNodeLive } from './node-at.ts';

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
  input: AttemptInput,
  seen: SeiNode,
): Promise<NodeGone | Superseded | { readonly kind: 'wanted'; readonly node: SeiNode }> {
  if (!isSuperseded(deps, input, seen)) return { kind: 'wanted', node: seen };
  const live = await keptNodeLive(deps, input.node);
  if (live === undefined) return { kind: 'gone' };
  return isSuperseded(deps, input, live) ? { kind: 'superseded' } : { kind: 'wanted', node: live };
}

/** Whether the node, at the attempt's generation or later, wants something else by now. */
export function isSuperseded(
  deps: Pick<ActivityDeps, 'policy'>,
  input: AttemptInput,
  node: SeiNode,
): boolean {
  return (
    node.metadata.generation >= input.generation &&
    (isBeingDeleted(node) ||
      !isSameTarget(targetFor(node, deps.policy.defaultSidecarImage), input.target))
  );
}
