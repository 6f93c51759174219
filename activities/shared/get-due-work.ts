import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { DueWork } from '../../domain/work/due-work.ts';
import { dueWork, observationOf } from '../../domain/work/due-work.ts';
import { observationLive } from '../../observation/observation.ts';
import { probeOf } from '../../observation/probe-sidecar.ts';
import type { ActivityDeps } from '../deps.ts';

/**
 * Decides which work is due for a node that was read live.
 *
 * The surroundings count only where status shows no drift, and are then read live: a cache that shows the pod from
 * before its replacement must neither start an update nor hide one.
 */
export async function getDueWork(deps: ActivityDeps, node: SeiNode): Promise<DueWork> {
  const byStatus = dueWork(observationOf(node), deps.policy);
  if (!dependsOnSurroundings(byStatus)) return byStatus;
  return dueWork(await observationLive(deps, node, probeOf(deps, node.metadata)), deps.policy);
}

/**
 * True where the surroundings can change what is due, given what is due by the node alone. A run lets a held node
 * through, if its pod waits for that.
 */
export function dependsOnSurroundings(byNode: DueWork): boolean {
  return byNode.kind === 'nothing' || byNode.kind === 'held';
}

/** Does the same right after an update: that has applied everything, so only the pods can show otherwise. */
export async function getDueWorkAfterUpdate(deps: ActivityDeps, node: SeiNode): Promise<DueWork> {
  const byStatus = dueWork(observationOf(node), deps.policy);
  if (byStatus.kind !== 'nothing') return byStatus;
  return dueWork(observationOf(node, await deps.api.listPods(node.metadata)), deps.policy);
}
