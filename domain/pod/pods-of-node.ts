/** Decides which pods a node has, or has left behind: as long as there is one, its key may sign. Pure. */
import { assertNever } from '../assert-never.ts';
import type { SeiNode } from '../node/sei-node.ts';
import type { Stall } from '../node/stall.ts';
import { hasNodePodName } from './node-pod.ts';
import { podTrouble } from './pod-trouble.ts';
import type { PodView } from './pod-view.ts';
import type { StatefulSetView } from './stateful-set-view.ts';

/** The pods that may be a node's; all of it comes from one place. */
export interface SeenPods {
  /** The pods with the node's label `sei.io/node`. */
  readonly labelled: readonly PodView[];
  /** The pod that has the name of the node's pod, whatever its labels. */
  readonly named: PodView | undefined;
  /** The StatefulSet under the node's name. */
  readonly statefulSet: StatefulSetView | undefined;
}

/** A pod of the node, and its fate when the node goes. */
export interface PodOfNode {
  readonly kind:
    /** A StatefulSet of the node made it, and it goes with that. */
    | 'owned'
    /** A StatefulSet that was deleted without its pod left it behind: only the operator ends it. */
    | 'orphaned'
    /** Somebody gave it the node's label, or the name of its pod: the operator waits for it, and never touches it. */
    | 'others';
  readonly pod: PodView;
}

/**
 * Returns the pods of a node: all that carry its label, and the one by the name of its pod, unless that has no label
 * and somebody else controls it. Leaves out the pods of a StatefulSet of the node's name that never was the node's,
 * or no longer is: they stay with it. Counts those of an impostor: it may have adopted the pod of the tracked one.
 */
export function podsOfNode(
  { metadata, status }: Pick<SeiNode, 'metadata' | 'status'>,
  { labelled, named, statefulSet }: SeenPods,
): readonly PodOfNode[] {
  const tracked = status?.statefulSet?.uid;
  const isLeft = statefulSet?.owner?.uid === metadata.uid || statefulSet?.terminating === true;
  const notOurs = isLeft ? undefined : statefulSet?.uid;
  const isImpostor =
    notOurs === status?.impostor?.uid || (tracked !== undefined && tracked !== notOurs);
  const isLabelled = (pod: PodView) => labelled.some(({ uid }) => uid === pod.uid);
  const mayBeOurs = ({ statefulSetUid }: PodView) =>
    statefulSetUid === undefined || statefulSetUid === tracked;
  const all =
    named !== undefined && !isLabelled(named) && mayBeOurs(named) ? [...labelled, named] : labelled;
  return all
    .filter((pod) => isImpostor || !isOfAnother(pod))
    .map((pod) => ({ kind: kindOf(pod), pod }));

  function isOfAnother({ statefulSetUid }: PodView): boolean {
    return statefulSetUid !== undefined && statefulSetUid === notOurs;
  }

  function kindOf(pod: PodView): PodOfNode['kind'] {
    if (!hasNodePodName(pod, metadata) || isOfAnother(pod)) return 'others';
    if (pod.statefulSetUid !== undefined) return 'owned';
    return isLabelled(pod) ? 'orphaned' : 'others';
  }
}

/** Describes each pod that is left in one clause for people: its name, its machine, and since when it has to stop. */
export function describeLeft(left: readonly PodOfNode[]): string {
  return left.map(describeOne).join(', and for ');
}

function describeOne({ kind, pod }: PodOfNode): string {
  const where = pod.machine === undefined ? 'on no machine yet' : `on machine ${pod.machine}`;
  const since = terminatingSince(pod);
  if (since !== undefined) return `pod ${pod.name} ${where}, terminating since ${since}`;
  switch (kind) {
    case 'owned':
    case 'orphaned':
      return `pod ${pod.name} ${where}, which has not been asked to stop yet`;
    case 'others':
      return `pod ${pod.name} ${where}, which this operator never ends`;
    default:
      return assertNever(kind);
  }
}

/** Returns the start of the deletion, RFC 3339 to the second; undefined for a pod that nobody deletes. */
function terminatingSince({
  deletionTimestamp,
  deletionGraceSeconds = 0,
}: PodView): string | undefined {
  if (deletionTimestamp === undefined) return undefined;
  // The API server sets the deletion timestamp to the end of the grace.
  const since = new Date(Date.parse(deletionTimestamp) - deletionGraceSeconds * 1_000);
  return since.toISOString().replace(/\.\d+Z$/, 'Z');
}

/**
 * Returns the reason why the pods that are left do not go on their own.
 *
 * @param nowMs milliseconds since the epoch
 */
export function leftTrouble(left: readonly PodOfNode[], nowMs: number): Stall | undefined {
  for (const { kind, pod } of left) {
    if (pod.deletionTimestamp === undefined) {
      if (kind !== 'others') continue;
      const message = `pod ${pod.name} has label sei.io/node or the name of the node's pod, and no StatefulSet of the node made it: whoever made it deletes it, or takes the label off`;
      return { reason: 'ForeignPod', message };
    }
    const trouble = podTrouble(pod, nowMs);
    if (trouble !== undefined)
      return { reason: trouble.reason, message: `${trouble.message}${onMachine(pod)}` };
  }
  return undefined;
}

function onMachine({ machine }: PodView): string {
  return machine === undefined ? '' : `; machine ${machine} may still run it`;
}
