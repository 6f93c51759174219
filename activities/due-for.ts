import type { DueWork } from '../domain/due-work.ts';
import { dueWork } from '../domain/due-work.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * The work that is due for a node that was read live.
 *
 * Its pods count only where its status shows no drift, and are read live then: a cache that shows the
 * pod from before its replacement must neither start an update nor hide one.
 */
export async function dueFor(
  deps: Pick<ActivityDeps, 'api' | 'policy'>,
  node: SeiNode,
): Promise<DueWork> {
  const byStatus = dueWork({ node, pods: [] }, deps.policy);
  if (byStatus.kind !== 'nothing') return byStatus;
  return dueWork({ node, pods: await deps.api.listPods(node.metadata) }, deps.policy);
}
