import type { NodeRef } from '../domain/node-ref.ts';
import type { SeiNode } from '../domain/sei-node.ts';
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

export function isBeingDeleted(node: SeiNode): boolean {
  return node.metadata.deletionTimestamp !== undefined;
}
