import type { DueWork, Observation } from '../domain/due-work.ts';
import type { PodView } from '../domain/pod-view.ts';
import {
  containerOf,
  RBAC_PROXY_CONTAINER,
  SEID_CONTAINER,
  SIDECAR_CONTAINER,
} from '../domain/pod-view.ts';

/**
 * All of a node that a run may have to hear about, as one comparable string: while it stays the same
 * the watcher has nothing new to say. Status is not part of it, since runs write that themselves.
 */
export function fingerprint(
  { node, pods, statefulSet, owned, sidecar }: Observation,
  due: DueWork,
): string {
  const { uid, generation, annotations, deletionTimestamp } = node.metadata;
  return JSON.stringify([
    uid,
    generation,
    annotations?.['sei.io/dedicated-node'],
    deletionTimestamp,
    node.status?.hold,
    pods.map(podFingerprint).toSorted((one, other) => one.localeCompare(other)),
    statefulSet?.uid,
    due.kind,
    // A roll makes what is around the node change all the time, and sees to that by itself.
    ...(isRoll(due) ? [] : [owned, pods.map(isProxyReady), sidecar ?? 'ready']),
  ]);
}

function isRoll({ kind }: DueWork): boolean {
  return kind === 'nodeInit' || kind === 'nodeUpdate';
}

/** The proxy's readiness probe is the sidecar's healthz. */
function isProxyReady(pod: PodView): boolean | undefined {
  return containerOf(pod, RBAC_PROXY_CONTAINER)?.ready;
}

function podFingerprint(pod: PodView): string {
  return JSON.stringify([
    pod.statefulSetUid,
    containerOf(pod, SEID_CONTAINER)?.image,
    containerOf(pod, SIDECAR_CONTAINER)?.image,
  ]);
}
