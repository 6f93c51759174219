import type { NodeRef } from '../domain/node-ref.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * The node at `atLeastGeneration` or later: from the shared cache where that has caught up, else read
 * live. Undefined when the node is gone or is another one of its name, which only a live read tells,
 * and when it is being deleted, which nobody takes back.
 */
export async function nodeAt(
  deps: Pick<ActivityDeps, 'api' | 'cache'>,
  ref: NodeRef,
  atLeastGeneration: number,
): Promise<SeiNode | undefined> {
  const cached = deps.cache.node(ref);
  if (cached?.metadata.uid === ref.uid && cached.metadata.generation >= atLeastGeneration) {
    return isBeingDeleted(cached) ? undefined : cached;
  }
  return nodeLive(deps, ref);
}

/**
 * The node as the API server has it now; undefined when it is gone, is being deleted, or is another one
 * of its name.
 */
export async function nodeLive(
  deps: Pick<ActivityDeps, 'api'>,
  ref: NodeRef,
): Promise<SeiNode | undefined> {
  const live = await deps.api.getNode(ref);
  return live?.metadata.uid === ref.uid && !isBeingDeleted(live) ? live : undefined;
}

export function isBeingDeleted(node: SeiNode): boolean {
  return node.metadata.deletionTimestamp !== undefined;
}
