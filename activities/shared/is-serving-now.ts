import type { NodeRef } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { PodView } from '../../domain/pod/pod-view.ts';
import { isStarted, ownPods } from '../../domain/pod/serving-pod.ts';
import type { ActivityDeps } from '../deps.ts';
import { getNodeLive } from './get-node.ts';
import { createPodSidecar } from './pod-sidecar.ts';

/**
 * Returns true when the node's pod has started and its sidecar answers, now, that it is let through. Asked again
 * because the run only claims to have seen that, while people and rollbacks rely on what is written next. The step
 * before has found the pod at its address by a live read; this check costs a healthy update no request to the API
 * server.
 *
 * Safe to repeat: it only reads.
 */
export async function isServingNow(deps: ActivityDeps, ref: NodeRef): Promise<boolean> {
  const cached = deps.cache.node(ref);
  if (cached?.metadata.uid === ref.uid) {
    const pod = startedPodOf(cached, deps.cache.pods(ref));
    if (pod !== undefined && (await isLetThrough(deps, ref, pod))) return true;
  }
  // The cache may still show the earlier pod, or no StatefulSet yet.
  const [live, pods] = await Promise.all([getNodeLive(deps, ref), deps.api.listPods(ref)]);
  const pod = live && startedPodOf(live, pods);
  return pod !== undefined && (await isLetThrough(deps, ref, pod));
}

function startedPodOf(node: SeiNode, pods: readonly PodView[]): PodView | undefined {
  return ownPods(node, pods).find(isStarted);
}

async function isLetThrough(deps: ActivityDeps, ref: NodeRef, pod: PodView): Promise<boolean> {
  return (await createPodSidecar(deps, ref, pod).healthz()) === 'ready';
}
