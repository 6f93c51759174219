import type { DueWork } from '../domain/due-work.ts';
import { dueWork, observationOf } from '../domain/due-work.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import { observationLive } from '../observation/observation.ts';
import { probeOf } from '../observation/probe-sidecar.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * The work that is due for a node that was read live.
 *
 * What is around it counts only where its status shows no drift, and is read live then: a cache that
 * shows the pod from before its replacement must neither start an update nor hide one.
 */
export async function dueFor(deps: ActivityDeps, node: SeiNode): Promise<DueWork> {
  const byStatus = dueWork(observationOf(node), deps.policy);
  if (!dependsOnSurroundings(byStatus)) return byStatus;
  return dueWork(await observationLive(deps, node, probeOf(deps, node.metadata)), deps.policy);
}

/**
 * Whether what surrounds the node has a say in what is due, given what is due by the node alone. A held
 * node is let through by a run, if its pod waits for that.
 */
export function dependsOnSurroundings(byNode: DueWork): boolean {
  return byNode.kind === 'nothing' || byNode.kind === 'held';
}

/** The same right after an update: it has applied everything, so only the pods can tell otherwise. */
export async function dueAfterUpdate(deps: ActivityDeps, node: SeiNode): Promise<DueWork> {
  const byStatus = dueWork(observationOf(node), deps.policy);
  if (byStatus.kind !== 'nothing') return byStatus;
  return dueWork(observationOf(node, await deps.api.listPods(node.metadata)), deps.policy);
}
