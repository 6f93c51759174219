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
 * The facts about a node of which a run may have to learn: while they stay the same, the watcher has nothing to report.
 * Status itself is not part of them, since runs write it, but the work that is due by it is.
 */
export interface Fingerprint {
  /** The node, and the StatefulSet of its name with its replicas: more than one replica stops a roll. */
  readonly node: string;
  /** The due work, with the surroundings of the node if the work is about those. */
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
            // A StatefulSet that is lost, made again and lost again between two looks is another loss.
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
 * Returns whether the due work is about the node's surroundings. A roll changes those all the time, and looks after
 * that itself; and if nothing is due, only a change that calls for work matters.
 */
function isAboutSurroundings(
  due: DueWork,
): due is Extract<DueWork, { kind: 'nodeSync' | 'nodeDelete' }> {
  return due.kind === 'nodeSync' || due.kind === 'nodeDelete';
}

/** Of a foreign pod only its existence counts: a pause and a deletion wait until it is gone. */
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
