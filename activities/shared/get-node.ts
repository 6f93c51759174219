import type { NodeRef } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { planUnderWay } from '../../domain/plan/entitled.ts';
import type { AttemptInput } from '../contract/plan.ts';
import type { ActivityDeps } from '../deps.ts';

type Deps = Pick<ActivityDeps, 'api' | 'cache'>;

/**
 * Returns the node to work on, at `atLeastGeneration` or later: from the shared cache where that has caught up,
 * otherwise by a live read. Undefined when the node is gone or another node has its name, which only a live read can
 * say, and when the node is being deleted, which nobody can undo.
 */
export async function getActiveNode(
  deps: Deps,
  ref: NodeRef,
  atLeastGeneration: number,
): Promise<SeiNode | undefined> {
  const cached = deps.cache.node(ref);
  if (cached?.metadata.uid === ref.uid && cached.metadata.generation >= atLeastGeneration) {
    return isBeingDeleted(cached) ? undefined : cached;
  }
  return getActiveNodeLive(deps, ref);
}

/**
 * Returns the node whose StatefulSet is to be written: from the shared cache only where that shows the attempt's plan
 * under way. Whoever schedules the step names the generation, and a low one would accept an earlier spec that a silent
 * watch still shows. A sync has no plan, so it reads live.
 */
export async function getNodeUnderPlan(
  deps: Deps,
  { node: ref, planId, generation }: Pick<AttemptInput, 'node' | 'planId' | 'generation'>,
): Promise<SeiNode | undefined> {
  const cached = deps.cache.node(ref);
  const isUnderPlan = cached !== undefined && planUnderWay(cached, planId) !== undefined;
  return isUnderPlan ? getActiveNode(deps, ref, generation) : getActiveNodeLive(deps, ref);
}

/** Does the same as `getActiveNode`, always by a live read. */
export async function getActiveNodeLive(
  deps: Pick<Deps, 'api'>,
  ref: NodeRef,
): Promise<SeiNode | undefined> {
  const live = await getNodeLive(deps, ref);
  return live === undefined || isBeingDeleted(live) ? undefined : live;
}

/** Reads the node live, even one that is being deleted; undefined when it is gone or another node has its name. */
export async function getNodeLive(
  deps: Pick<Deps, 'api'>,
  ref: NodeRef,
): Promise<SeiNode | undefined> {
  const live = await deps.api.getNode(ref);
  return live?.metadata.uid === ref.uid ? live : undefined;
}

/**
 * Reads the node live; undefined unless it is being deleted. Whoever schedules the step, nothing of a node is taken
 * down before somebody has deleted the node.
 */
export async function getDeletedNodeLive(
  deps: Pick<Deps, 'api'>,
  ref: NodeRef,
): Promise<SeiNode | undefined> {
  const live = await getNodeLive(deps, ref);
  return live !== undefined && isBeingDeleted(live) ? live : undefined;
}

/**
 * Returns the node if objects may be applied for it, at `atLeastGeneration` or later. A run applies nothing under a
 * hold, and neither does anybody else who schedules the step.
 */
export async function getNodeToApply(
  deps: Deps,
  ref: NodeRef,
  atLeastGeneration: number,
): Promise<SeiNode | undefined> {
  const seen = await getActiveNode(deps, ref, atLeastGeneration);
  return seen === undefined || (await isHeld(deps, seen)) ? undefined : seen;
}

/**
 * True while somebody holds the node. A cached hold is confirmed live, because the cache may not show yet that it was
 * lifted.
 */
export async function isHeld(deps: Pick<Deps, 'api'>, seen: SeiNode): Promise<boolean> {
  if (seen.status?.hold === undefined) return false;
  const live = await getActiveNodeLive(deps, seen.metadata);
  return live?.status?.hold !== undefined;
}

export function isBeingDeleted(node: SeiNode): boolean {
  return node.metadata.deletionTimestamp !== undefined;
}
