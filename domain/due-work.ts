import type { Drift, DriftPolicy } from './drift.ts';
import { driftOf } from './drift.ts';
import type { PodView } from './pod-view.ts';
import type { SeiNode } from './sei-node.ts';
import { isTakenOver } from './take-over.ts';
import type { Target } from './target.ts';
import { targetFor } from './target.ts';

/** The workflow types, which are also the kinds of work. Wire names. */
export type WorkKind = 'nodeInit' | 'nodeUpdate';

/** What is to be done about a node now. */
export type DueWork =
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'nodeInit'; readonly why: string }
  | { readonly kind: 'nodeUpdate'; readonly target: Target; readonly drifts: readonly Drift[] };

/** What the decision is made from; all of it comes from one place: a cache, or live reads. */
export interface Observation {
  readonly node: SeiNode;
  /** The pods labelled as the node's. */
  readonly pods: readonly PodView[];
}

export interface WorkPolicy extends DriftPolicy {
  /** The sidecar image of the installation, for nodes whose spec names none. */
  readonly defaultSidecarImage: string;
}

/**
 * The one decision of what a node needs. The watcher chooses the workflow type by it, and a run that
 * is about to close asks it again, so the two never disagree.
 */
export function dueWork(observation: Observation, policy: WorkPolicy): DueWork {
  const { node, pods } = observation;
  const phase = node.status?.phase ?? 'Pending';
  if (node.metadata.deletionTimestamp !== undefined) {
    return { kind: 'nothing', why: 'the node is being deleted' };
  }
  switch (phase) {
    case 'Failed':
      return { kind: 'nothing', why: 'the node is in phase Failed' };
    case 'Terminating':
      return { kind: 'nothing', why: 'the node is in phase Terminating' };
    case 'Pending':
    case 'Initializing':
      return { kind: 'nodeInit', why: `the node is in phase ${phase}` };
    case 'Running':
      break;
  }
  if (!isTakenOver(node)) {
    return { kind: 'nodeInit', why: 'the node was run by another operator and is taken over' };
  }
  const target = targetFor(node, policy.defaultSidecarImage);
  const drifts = driftOf(node, ownPods(node, pods), target, policy);
  if (drifts.length === 0) return { kind: 'nothing', why: 'the node runs its target' };
  return { kind: 'nodeUpdate', target, drifts };
}

/** Pods that merely carry the node's label say nothing about the node. */
function ownPods(node: SeiNode, pods: readonly PodView[]): readonly PodView[] {
  const tracked = node.status?.statefulSet?.uid;
  return tracked === undefined ? [] : pods.filter((pod) => pod.statefulSetUid === tracked);
}
