import { findCondition, isConditionTrue } from '../node/condition.ts';
import { hasChangedSinceFailure } from '../node/failed-node.ts';
import { clearedFailure } from '../node/failed-update.ts';
import type { Hold } from '../node/sei-node-status.ts';
import type { SeiNode } from '../node/sei-node.ts';
import { FINALIZER } from '../node/sei-node.ts';
import { isStalledByPod } from '../node/stall.ts';
import type { Target } from '../node/target.ts';
import { targetFor } from '../node/target.ts';
import type { OwnedFinding } from '../owned/owned-finding.ts';
import { isReapproving } from '../plan/reapproval.ts';
import { hasEndedRollback } from '../plan/rollback.ts';
import { isTakenOver } from '../plan/take-over.ts';
import { isUnrecordedPod } from '../pod/observed-pod.ts';
import { isHealthRecorded, podHealth } from '../pod/pod-health.ts';
import { podTemplateStatus } from '../pod/pod-template-status.ts';
import type { PodView } from '../pod/pod-view.ts';
import { podsOfNode } from '../pod/pods-of-node.ts';
import { mayServe, ownPods } from '../pod/serving-pod.ts';
import type { StatefulSetView } from '../pod/stateful-set-view.ts';
import { configStatus } from '../sidecar/config-status.ts';
import type { SidecarState } from '../sidecar/sidecar-state.ts';
import { isSidecarRecorded } from '../sidecar/sidecar-state.ts';
import { isPauseRecorded } from '../status/status-conditions.ts';
import type { Drift, DriftPolicy } from './drift.ts';
import { driftOf } from './drift.ts';
import type { SyncNeed } from './sync-need.ts';

/** The due work of a node. Its kinds are the workflow types: wire names. */
export type DueWork =
  | { readonly kind: 'nothing'; readonly why: string }
  | { readonly kind: 'nodeInit'; readonly why: string }
  | { readonly kind: 'nodeUpdate'; readonly target: Target; readonly drifts: readonly Drift[] }
  | {
      readonly kind: 'nodeSync';
      readonly needs: readonly SyncNeed[];
      /** Set while somebody holds the node: the run then only lets its pod through, and applies nothing. */
      readonly hold?: Hold;
    }
  | { readonly kind: 'nodeDelete' }
  /** Something may be due, and somebody asked the operator to do nothing until `resume`. */
  | { readonly kind: 'held'; readonly hold: Hold }
  /** The bring-up was given up. Only another spec, or `retry`, starts it again. */
  | { readonly kind: 'failed'; readonly why: string };

/** The kinds of due work that have a workflow. */
export type WorkKind = Exclude<DueWork['kind'], 'nothing' | 'held' | 'failed'>;
export type Work = Extract<DueWork, { kind: WorkKind }>;

export function isWork(due: DueWork): due is Work {
  return due.kind !== 'nothing' && due.kind !== 'held' && due.kind !== 'failed';
}

/** Returns whether the only work allowed is to let the pod of a held node through. */
export function servesUnderHold(due: DueWork): due is Extract<DueWork, { kind: 'nodeSync' }> {
  return due.kind === 'nodeSync' && due.hold !== undefined;
}

/** A node with its surroundings, from which due work is decided; all of it comes from a cache, or from live reads. */
export interface Observation {
  readonly node: SeiNode;
  /** The pods with the node's label. */
  readonly pods: readonly PodView[];
  readonly statefulSet: StatefulSetView | undefined;
  /** The differences between the objects of the node and those that its spec renders to. */
  readonly owned: readonly OwnedFinding[];
  /** The result of a probe of the pod's sidecar; undefined if there was no probe. */
  readonly sidecar: SidecarState | undefined;
}

/** Returns an observation of the node with these pods and nothing else: enough for decisions from its own fields. */
export function observationOf(node: SeiNode, pods: readonly PodView[] = []): Observation {
  return { node, pods, statefulSet: undefined, owned: [], sidecar: undefined };
}

export interface WorkPolicy extends DriftPolicy {
  /** The sidecar image of the installation, for nodes whose spec names none. */
  readonly defaultSidecarImage: string;
}

/**
 * Decides what a node needs. The watcher chooses the workflow type by it, and a run asks it again before it
 * closes, so the two never disagree.
 */
export function dueWork(observation: Observation, policy: WorkPolicy): DueWork {
  const { node } = observation;
  const phase = node.status?.phase ?? 'Pending';
  if (node.metadata.deletionTimestamp !== undefined) {
    return node.metadata.finalizers?.includes(FINALIZER) === true
      ? { kind: 'nodeDelete' }
      : { kind: 'nothing', why: 'the node is being deleted, and holds nothing of ours' };
  }
  if (node.status?.hold !== undefined) return dueOfHeld(observation, node.status.hold);
  switch (phase) {
    case 'Failed':
      return dueOfFailed(node);
    case 'Terminating':
      return { kind: 'nothing', why: 'the node is in phase Terminating' };
    case 'Pending':
    case 'Initializing':
      return node.spec.paused === true
        ? dueSync(pausedNeeds(observation))
        : { kind: 'nodeInit', why: `the node is in phase ${phase}` };
    case 'Running':
      return dueOfRunning(observation, policy);
  }
}

/** A hold keeps the node as it is, and keeps it serving: a pod that waits for its sidecar is let through. */
function dueOfHeld(observation: Observation, hold: Hold): DueWork {
  const { node } = observation;
  const needs: SyncNeed[] = [];
  // For a node that another operator runs, the take-over acknowledges the spec.
  const isForeign = node.status?.phase === 'Running' && !isTakenOver(node);
  if (isForeign) return { kind: 'held', hold };
  if (mayServe(node)) {
    needs.push(...servingNeeds(observation));
    if (observation.sidecar === 'ready' && isStalledByPod(node))
      needs.push({ kind: 'settle-stall' });
    if (clearedFailure(node).length > 0) needs.push({ kind: 'settle-failure' });
  } else if (!isSpecAcknowledged(node)) {
    needs.push({ kind: 'acknowledge-spec' });
  }
  return needs.length === 0 ? { kind: 'held', hold } : { kind: 'nodeSync', needs, hold };
}

function dueOfFailed(node: SeiNode): DueWork {
  // A pause has no effect on a node that never ran.
  if (node.spec.paused !== true && hasChangedSinceFailure(node)) {
    return { kind: 'nodeInit', why: 'the spec was changed since the bring-up failed' };
  }
  // A node that another operator gave up stays as that operator left it.
  if (node.status?.observedGeneration !== undefined && !isSpecAcknowledged(node)) {
    return dueSync([{ kind: 'acknowledge-spec' }]);
  }
  return { kind: 'failed', why: 'the node is in phase Failed: change its spec, or send retry' };
}

function dueOfRunning(observation: Observation, policy: WorkPolicy): DueWork {
  const { node, pods, owned } = observation;
  if (!isTakenOver(node)) {
    return { kind: 'nodeInit', why: 'the node was run by another operator and is taken over' };
  }
  // A paused node is not rolled: its template follows the spec, and its next pod comes up from that.
  if (node.spec.paused === true) return dueSync(pausedNeeds(observation));
  const target = targetFor(node, policy.defaultSidecarImage);
  const { statefulSet } = observation;
  const drifts = driftOf(node, ownPods(node, pods), target, policy, statefulSet);
  if (drifts.length > 0) return { kind: 'nodeUpdate', target, drifts };
  return dueSync([...owned, ...statusNeeds(observation)]);
}

function dueSync(needs: readonly SyncNeed[]): DueWork {
  return needs.length === 0
    ? { kind: 'nothing', why: 'the node is as its spec wants it' }
    : { kind: 'nodeSync', needs };
}

/** Keeps a paused node at zero, and makes nothing for it that it lacks. */
function pausedNeeds({ node, owned, pods, statefulSet }: Observation): readonly SyncNeed[] {
  const isRunning = node.status?.phase === 'Running';
  const needs: SyncNeed[] = owned.filter((finding) => isRunning || finding.kind !== 'missing');
  const conditions = node.status?.conditions;
  const left = podsOfNode(node, { labelled: pods, named: undefined, statefulSet });
  if (!isConditionTrue(conditions, 'Paused') || left.length > 0) needs.push({ kind: 'pause' });
  if (isConditionTrue(conditions, 'Stalled')) needs.push({ kind: 'settle-stall' });
  if (hasEndedRollback(node)) needs.push({ kind: 'end-rollback' });
  if (!isSpecAcknowledged(node)) needs.push({ kind: 'acknowledge-spec' });
  return needs;
}

/** Lists the statements of status that no longer hold, and those that it lacks. */
function statusNeeds(observation: Observation): readonly SyncNeed[] {
  const { node } = observation;
  const conditions = node.status?.conditions;
  const needs: SyncNeed[] = [];
  if (isPauseRecorded(node)) needs.push({ kind: 'unpause' });
  if (isConditionTrue(conditions, 'Stalled')) needs.push({ kind: 'settle-stall' });
  if (hasEndedRollback(node)) needs.push({ kind: 'end-rollback' });
  if (clearedFailure(node).length > 0) needs.push({ kind: 'settle-failure' });
  if (configStatus(node).kind === 'unrecorded') {
    needs.push({ kind: 'record-config-currency' });
  }
  return [...needs, ...servingNeeds(observation)];
}

/** Lists differences between status and the pod, its sidecar and the spec, and anything that stops the pod serving. */
function servingNeeds(observation: Observation): readonly SyncNeed[] {
  const { node, pods, statefulSet } = observation;
  const needs: SyncNeed[] = [...podNeeds(observation)];
  const template = podTemplateStatus(node, statefulSet, ownPods(node, pods));
  if (template.kind === 'unrecorded') needs.push({ kind: 'record-pod-currency' });
  if (observation.sidecar === 'not-ready') {
    // The sidecar restarted, and blocks the next start of seid until it is marked ready again.
    needs.push({ kind: 'mark-ready' });
  } else if (observation.sidecar !== undefined && !isSidecarRecorded(node, observation.sidecar)) {
    needs.push({ kind: 'record-sidecar', state: observation.sidecar });
  }
  if (observation.sidecar === 'ready' && isReapproving(node))
    needs.push({ kind: 'end-reapproval' });
  if (!isSpecAcknowledged(node)) needs.push({ kind: 'acknowledge-spec' });
  return needs;
}

function podNeeds({ node, pods, statefulSet, sidecar }: Observation): readonly SyncNeed[] {
  // Without a StatefulSet nobody looked at the pods, or the StatefulSet itself has to be made.
  if (statefulSet === undefined) return [];
  // Nobody may scale it up while somebody holds the node.
  if (node.status?.hold !== undefined && statefulSet.replicas === 0) return [];
  const health = podHealth(node, pods);
  switch (health.kind) {
    case 'down':
      return [{ kind: 'pod-down', reason: health.reason }];
    case 'ailing':
      return isHealthRecorded(node, health) ? [] : [{ kind: 'record-pod' }];
    case 'running': {
      // Until its sidecar is ready, nothing proves that the pod serves.
      const isUpToDate = isHealthRecorded(node, health) || sidecar !== 'ready';
      const isKnown =
        node.status?.pod === undefined || !isUnrecordedPod(node, health.pod, statefulSet);
      return isUpToDate && isKnown ? [] : [{ kind: 'record-pod' }];
    }
  }
}

/** Returns whether status and its condition Ready are about the newest spec: people who wait look at both. */
function isSpecAcknowledged({ metadata, status }: SeiNode): boolean {
  const { generation } = metadata;
  if (status?.observedGeneration !== generation) return false;
  const ready = findCondition(status.conditions, 'Ready');
  // Ready of a Failed node stays at the generation that failed.
  if (ready === undefined || status.phase === 'Failed') return true;
  return (ready.observedGeneration ?? generation) === generation;
}
