import { planUnderWay } from '../domain/entitled.ts';
import type { NodeRef } from '../domain/node-ref.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import type { AttemptInput } from './contract/plan.ts';
import type { ActivityDeps } from './deps.ts';

type Deps = Pick<ActivityDeps, 'api' | 'cache'>;

/**
 * The node that is to be worked on, at `atLeastGeneration` or later: from the shared cache where that
 * has caught up, else read live. Undefined when the node is gone or is another one of its name, which
 * only a live read tells, and when it is being deleted, which nobody takes back.
 */
export async function nodeAt(
  deps: Deps,
  ref: NodeRef,
  atLeastGeneration: number,
): Promise<SeiNode | undefined> {
  const cached = deps.cache.node(ref);
  if (cached?.metadata.uid === ref.uid && cached.metadata.generation >= atLeastGeneration) {
    return isBeingDeleted(cached) ? undefined : cached;
  }
  return keptNodeLive(deps, ref);
}

/**
 * The node whose StatefulSet is to be written: from the shared cache only where that shows the attempt's plan under
 * way. Whoever schedules the step names the generation, and a low one is satisfied by what a silent watch still shows
 * of an earlier spec. What converges without a plan is read live.
 */
export async function nodeUnderPlan(
  deps: Deps,
  { node: ref, planId, generation }: Pick<AttemptInput, 'node' | 'planId' | 'generation'>,
): Promise<SeiNode | undefined> {
  const cached = deps.cache.node(ref);
  const isUnderPlan = cached !== undefined && planUnderWay(cached, planId) !== undefined;
  return isUnderPlan ? nodeAt(deps, ref, generation) : keptNodeLive(deps, ref);
}

/** The same, read live in any case. */
export async function keptNodeLive(
  deps: Pick<Deps, 'api'>,
  ref: NodeRef,
): Promise<SeiNode | undefined> {
  const live = await nodeLive(deps, ref);
  return live === undefined || isBeingDeleted(live) ? undefined : live;
}

/**
 * The node as the API server has it now, though it may be being deleted; undefined when it is gone or
 * is another one of its name.
 */
export async function nodeLive(
  deps: Pick<Deps, 'api'>,
  ref: NodeRef,
): Promise<SeiNode | undefined> {
  const live = await deps.api.getNode(ref);
  return live?.metadata.uid === ref.uid ? live : undefined;
}

/**
 * The node as the API server has it now, if it is being deleted. Whoever schedules the step: nothing that a node
 * consists of goes before somebody has deleted the node.
 */
export async function deletedNodeLive(
  deps: Pick<Deps, 'api'>,
  ref: NodeRef,
): Promise<SeiNode | undefined> {
  const live = await nodeLive(deps, ref);
  return live !== undefined && isBeingDeleted(live) ? live : undefined;
}

/**
 * The node that something may be applied for, at `atLeastGeneration` or later. A run applies nothing under a
 * hold, and whoever else schedules the step does not either.
 */
export async function nodeToApply(
  deps: Deps,
  ref: NodeRef,
  atLeastGeneration: number,
): Promise<SeiNode | undefined> {
  const seen = await nodeAt(deps, ref, atLeastGeneration);
  return seen === undefined || (await isHeld(deps, seen)) ? undefined : seen;
}

/** Whether somebody holds the node. That a hold was lifted, a cache may not show yet. */
export async function isHeld(deps: Pick<Deps, 'api'>, seen: SeiNode): Promise<boolean> {
  if (seen.status?.hold === undefined) return false;
  const live = await keptNodeLive(deps, seen.metadata);
  return live?.status?.hold !== undefined;
}

export function isBeingDeleted(node: SeiNode): boolean {
  return node.metadata.deletionTimestamp !== undefined;
}
