import { dueWork } from '../domain/due-work.ts';
import type { NodeRef } from '../domain/node-ref.ts';
import type { PodView } from '../domain/pod-view.ts';
import type { ActivityDeps } from './deps.ts';
import { observationFromCache } from '../manifests/observation.ts';

/**
 * The node's pods as evidence for what is due. The cache serves, except where a pod alone would
 * cause the work: a pod that the cache has not seen replaced yet must not start an update.
 */
export async function evidenceOf(deps: ActivityDeps, ref: NodeRef): Promise<readonly PodView[]> {
  const pods = deps.cache.pods(ref);
  const node = deps.cache.node(ref);
  if (node === undefined) return deps.api.listPods(ref);
  const due = dueWork(observationFromCache(deps, node, { pods }), deps.policy);
  const podsAlone =
    due.kind === 'nodeUpdate' && due.drifts.every((drift) => drift.kind === 'pod-image');
  return podsAlone ? deps.api.listPods(ref) : pods;
}
