import type { NodeRef } from '../../domain/node/node-ref.ts';
import type { FoundPod } from '../../domain/plan/take-over.ts';
import { NO_POD } from '../../domain/plan/take-over.ts';
import type { PodView } from '../../domain/pod/pod-view.ts';
import { runningPod } from '../../domain/pod/running-pod.ts';
import { isLetThrough } from '../../domain/sidecar/let-through.ts';
import { probeOf } from '../../observation/probe-sidecar.ts';
import type { ActivityDeps } from '../deps.ts';

/** Describes a pod of the node as it is now; asks its sidecar once seid has started. */
export async function lookAtPod(deps: ActivityDeps, ref: NodeRef, pod: PodView): Promise<FoundPod> {
  const running = runningPod(pod);
  if (running === undefined) return NO_POD;
  const sidecar = await probeOf(deps, ref)(pod);
  return { running, sidecar, isLetThrough: isLetThrough(pod, sidecar) };
}
