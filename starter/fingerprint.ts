import type { SeiNode } from '../domain/node/sei-node.ts';
import { DEDICATED_NODE_ANNOTATION } from '../domain/node/sei-node.ts';
import { hasNodePodName } from '../domain/pod/node-pod.ts';
import type { PodView } from '../domain/pod/pod-view.ts';
import {
  containerOf,
  RBAC_PROXY_CONTAINER,
  SEID_CONTAINER,
  SIDECAR_CONTAINER,
} from '../domain/pod/pod-view.ts';
import type { DueWork, Observation } from '../domain/work/due-work.ts';
import { describeDue } from '../domain/work/not-converging.ts';

/**
 * All of a node that a run may have to hear about: while it stays the same the watcher has nothing new
 * to say. Status is not part of it, since runs write that themselves, but for what is due by it.
 */
export interface Fingerprint {
  /** The node, and which StatefulSet has its name, with how many replicas: more than one stop a roll. */
  readonly node: string;
  /** What is due, with what surrounds the node where that is what the work is about. */
  readonly due: string;
}

export function fingerprint(
  { node, pods, statefulSet, owned, sidecar }: Observation,
  due: DueWork,
): Fingerprint {
  const { uid, generation, annotations, deletionTimestamp } = node.metadata;
  return {
    node: JSON.stringify([
      uid,
      generation,
      annotations?.[DEDICATED_NODE_ANNOTATION],
      deletionTimestamp,
      node.status?.hold,
      statefulSet?.uid,
      statefulSet?.replicas,
    ]),
    due: JSON.stringify(
      isAboutSurroundings(due)
        ? [
            due.kind,
            describeDue(due),
            pods.map((pod) => podFingerprint(node, pod)).toSorted(),
            owned,
            sidecar ?? 'ready',
            // One that is lost, made anew and lost again between two looks is another loss.
            node.status?.statefulSet?.uid,
          ]
        : due.kind,
    ),
  };
}

export function isSame(one: Fingerprint, other: Fingerprint | undefined): boolean {
  return one.node === other?.node && one.due === other.due;
}

/**
 * A roll makes what is around the node change all the time, and sees to that by itself; and where
 * nothing is to be done, no change of it matters that does not call for work.
 */
function isAboutSurroundings(
  due: DueWork,
): due is Extract<DueWork, { kind: 'nodeSync' | 'nodeDelete' }> {
  return due.kind === 'nodeSync' || due.kind === 'nodeDelete';
}

/** Of a pod that is not the node's only that it is there: a pause and a deletion wait until it is gone. */
function podFingerprint(node: SeiNode, pod: PodView): string {
  if (!hasNodePodName(pod, node.metadata)) return JSON.stringify([pod.uid]);
  return JSON.stringify([
    pod.uid,
    pod.statefulSetUid,
    containerOf(pod, SEID_CONTAINER)?.image,
    containerOf(pod, SIDECAR_CONTAINER)?.image,
    // The proxy's readiness probe is the sidecar's healthz.
    containerOf(pod, RBAC_PROXY_CONTAINER)?.ready,
  ]);
}
