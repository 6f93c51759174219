import type { Condition } from '../node/condition.ts';
import { findCondition, isConditionTrue } from '../node/condition.ts';
import { standingFailure } from '../node/failed-update.ts';
import type { SeiNode } from '../node/sei-node.ts';
import { ownSidecarImage, targetFor } from '../node/target.ts';
import { SCALING_DOWN, TERMINATING } from './status-conditions.ts';

/** The states of a node, from the one that needs a person most to the one that needs nobody. */
export const NODE_STATES = [
  'failed',
  'stalled',
  'held',
  'terminating',
  'scaling-down',
  'updating',
  'starting',
  'unready',
  'rolled-back',
  'paused',
  'running',
] as const;

export type NodeState = (typeof NODE_STATES)[number];

/** A reason why the node does not get on, or is not ready. */
export interface Blocker {
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. */
  readonly since: string | undefined;
}

export interface NodeHealth {
  readonly state: NodeState;
  /** RFC 3339: since when, as far as status knows. */
  readonly since: string | undefined;
  /** The step of the plan that is under way, or that failed. */
  readonly step: string | undefined;
  /** The image that the node should run: a rollback rejects the one in spec. */
  readonly wanted: string;
  readonly running: string | undefined;
  readonly blockers: readonly Blocker[];
}

/** Returns the facts about a node that a person wants to know first, from the node alone. */
export function nodeHealth(node: SeiNode): NodeHealth {
  const blockers = blockersOf(node);
  const { state, since } = stateOf(node);
  return {
    state,
    since: since ?? blockers[0]?.since,
    step: stepOf(node),
    wanted: wantedImage(node),
    running: node.status?.currentImage,
    blockers,
  };
}

/** Returns whether the node still has to reach the state that its spec wants, whatever blocks it. */
export function isUnderWay(node: SeiNode): boolean {
  const { phase, currentImage, currentSidecarImage, conditions, plan } = node.status ?? {};
  if (phase !== 'Running' || plan?.phase === 'Active') return true;
  if (isConditionTrue(conditions, 'NodeUpdateInProgress')) return true;
  if (node.spec.paused === true) return false;
  if (currentImage !== wantedImage(node)) return true;
  const sidecar = ownSidecarImage(node);
  return sidecar !== undefined && (currentSidecarImage ?? sidecar) !== sidecar;
}

/** Returns the image that the node should run: that of its spec, unless a rollback rejects it. */
export function wantedImage(node: SeiNode): string {
  // The default of the sidecar's image does not matter here.
  return targetFor(node, '').image;
}

function stateOf(node: SeiNode): { readonly state: NodeState; readonly since?: string } {
  const { metadata, spec, status = {} } = node;
  const { phase, plan, hold, conditions } = status;
  if (phase === 'Failed') return at('failed', status.phaseTransitionTime);
  const failed = standingFailure(status);
  if (failed !== undefined) return at('failed', failed.lastFailure?.at);
  if (isConditionTrue(conditions, 'Stalled')) return { state: 'stalled' };
  if (hold !== undefined) return at('held', hold.since);
  if (metadata.deletionTimestamp !== undefined)
    return at('terminating', metadata.deletionTimestamp);
  const paused = findCondition(conditions, 'Paused');
  if (spec.paused === true && paused?.reason === SCALING_DOWN) {
    return at('scaling-down', paused.lastTransitionTime);
  }
  if (phase !== 'Running') {
    return at('starting', plan?.startedAt ?? metadata.creationTimestamp);
  }
  if (isUnderWay(node))
    return at('updating', plan?.phase === 'Active' ? plan.startedAt : undefined);
  if (spec.paused === true) {
    return at('paused', paused?.lastTransitionTime);
  }
  const ready = findCondition(conditions, 'Ready');
  if (ready?.status === 'False') return at('unready', ready.lastTransitionTime);
  if (isRolledBack(node)) return { state: 'rolled-back' };
  return at('running', ready?.lastTransitionTime);
}

function at(state: NodeState, since: string | undefined) {
  return { state, ...(since !== undefined && { since }) };
}

function isRolledBack({ spec, status }: SeiNode): boolean {
  return status?.rollback !== undefined && status.rollback.rejectedImage === spec.image;
}

function stepOf({ status }: SeiNode): string | undefined {
  const { plan } = status ?? {};
  const failed = standingFailure(status);
  if (failed !== undefined) return failed.lastFailure?.step;
  if (plan?.phase !== 'Active') return undefined;
  return plan.tasks.find((task) => task.status !== 'Complete')?.type;
}

function blockersOf(node: SeiNode): readonly Blocker[] {
  const { conditions, hold, rollback } = node.status ?? {};
  const blockers: Blocker[] = [];
  const failure = standingFailure(node.status)?.lastFailure;
  if (failure !== undefined) {
    blockers.push({ reason: failure.reason, message: failure.message, since: failure.at });
  }
  const stalled = findCondition(conditions, 'Stalled');
  if (stalled?.status === 'True' && stalled.reason !== failure?.reason) {
    blockers.push(blockerOf(stalled));
  }
  if (hold !== undefined) {
    const message = `held by ${hold.actor}: ${hold.reason}`;
    blockers.push({ reason: 'Held', message, since: hold.since });
  }
  const pod = findCondition(conditions, 'PodRunning');
  const paused = findCondition(conditions, 'Paused');
  if (pod?.reason === TERMINATING) {
    blockers.push(blockerOf(pod));
  } else if (node.spec.paused === true && paused?.reason === SCALING_DOWN) {
    blockers.push(blockerOf(paused));
  } else if (node.spec.paused === true) {
    const message = 'spec.paused scales the node to zero';
    blockers.push({ reason: 'Paused', message, since: undefined });
  }
  if (rollback !== undefined && isRolledBack(node)) {
    const message = `${rollback.rejectedImage} is rejected until spec.image is another one`;
    blockers.push({ reason: 'RolledBack', message, since: undefined });
  }
  const ready = findCondition(conditions, 'Ready');
  // While work is under way, the node is not ready for that reason alone.
  if (blockers.length === 0 && ready?.status === 'False' && !isUnderWay(node)) {
    blockers.push(blockerOf(ready));
  }
  return blockers;
}

function blockerOf({ reason, message, lastTransitionTime }: Condition): Blocker {
  return { reason, message, since: lastTransitionTime };
}
