import type { NodeRef } from '../domain/node-ref.ts';
import type { PodView } from '../domain/pod-view.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import { isStarted, ownPods } from '../domain/serving-pod.ts';
import type { ActivityDeps } from './deps.ts';
import { nodeLive } from './node-at.ts';
import { podSidecar } from './pod-sidecar.ts';

/**
 * Whether the node's pod has started and its sidecar answers that it is let through, now: that the run has seen so
 * is what the run says, and what is written by it is what people, and rollbacks, go by. The step before has found
 * the pod at its address by a live read; this one costs a healthy update no request to the API server.
 *
 * Safe to repeat: it only reads.
 */
export async function servesNow(deps: ActivityDeps, ref: NodeRef): Promise<boolean> {
  const cached = deps.cache.node(ref);
  if (cached?.metadata.uid === ref.uid) {
    const pod = startedPodOf(cached, deps.cache.pods(ref));
    if (pod !== undefined && (await isLetThrough(deps, ref, pod))) return true;
  }
  // A cache may show the pod from before, or no StatefulSet yet.
  const [live, pods] = await Promise.all([nodeLive(deps, ref), deps.api.listPods(ref)]);
  const pod = live && startedPodOf(live, pods);
  return pod !== undefined && (await isLetThrough(deps, ref, pod));
}

function startedPodOf(node: SeiNode, pods: readonly PodView[]): PodView | undefined {
  return ownPods(node, pods).find(isStarted);
}

async function isLetThrough(deps: ActivityDeps, ref: NodeRef, pod: PodView): Promise<boolean> {
  return (await podSidecar(deps, ref, pod).healthz()) === 'ready';
}
