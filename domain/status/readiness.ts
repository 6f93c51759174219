import type { ConditionUpdate } from '../node/condition.ts';
import { findCondition, isConditionTrue } from '../node/condition.ts';
import { hasFailedUpdate } from '../node/failed-update.ts';
import type { SeiNodeStatus } from '../node/sei-node-status.ts';
import type { SeiNode } from '../node/sei-node.ts';
import { targetFor } from '../node/target.ts';
import {
  contradictedPause,
  HELD,
  SCALING_DOWN,
  statusWithConditions,
  TERMINATING,
} from './status-conditions.ts';

/**
 * Returns the status with condition Ready as it follows from the rest, and with Paused corrected where it
 * contradicts spec. The one writer of status calls this, so that no step can forget either of them.
 *
 * @param node as it was read, for its spec and generation.
 * @param now RFC 3339.
 */
export function withReady(node: SeiNode, status: SeiNodeStatus, now: string): SeiNodeStatus {
  const derived = statusWithConditions({ ...node, status }, contradictedPause(node, status), now);
  const ready = readiness(node, derived);
  return ready === undefined
    ? derived
    : statusWithConditions({ ...node, status: derived }, [ready], now);
}

/** Returns condition Ready by the most important fact; undefined to leave it as it is. */
function readiness(node: SeiNode, status: SeiNodeStatus): ConditionUpdate | undefined {
  const { phase, conditions, plan, hold } = status;
  if (node.metadata.deletionTimestamp !== undefined) {
    const pod = findCondition(conditions, 'PodRunning');
    const isWaiting = pod?.reason === TERMINATING;
    return notReady(TERMINATING, isWaiting ? pod.message : 'the node is deleted');
  }
  // The failure itself wrote it, for the generation that failed: a later one is tried again.
  if (phase === 'Failed') return undefined;
  const stalled = findCondition(conditions, 'Stalled');
  if (stalled?.status === 'True') return notReady(stalled.reason, stalled.message);
  const paused = findCondition(conditions, 'Paused');
  if (paused?.status === 'True') return notReady('Paused', 'the node is paused');
  if (paused?.reason === SCALING_DOWN) return notReady(SCALING_DOWN, paused.message);
  const wanted = targetFor({ ...node, status }, '').image;
  const isUnfinished =
    phase !== 'Running' ||
    node.spec.paused === true ||
    isConditionTrue(conditions, 'NodeUpdateInProgress') ||
    status.currentImage !== wanted;
  if (hold !== undefined && isUnfinished) {
    const runs = status.currentImage ?? 'nothing yet';
    const isTo = node.spec.paused === true ? 'be scaled to zero' : `run ${wanted}`;
    return notReady(HELD, `held by ${hold.actor}: the node runs ${runs}, and is to ${isTo}`);
  }
  if (hasFailedUpdate(status)) return notReady('UpdateFailed', failureOf(status));
  const target = plan?.targetImage ?? node.spec.image;
  if (phase !== 'Running') {
    return notReady('Initializing', `the node is brought up with ${target}`);
  }
  if (isConditionTrue(conditions, 'NodeUpdateInProgress')) {
    return notReady('UpdateInProgress', `the node is being updated to ${target}`);
  }
  const pod = findCondition(conditions, 'PodRunning');
  if (pod?.status === 'False') return notReady(pod.reason, pod.message);
  return { type: 'Ready', status: 'True', reason: 'Running', message: runningMessage(status) };
}

function runningMessage({ currentImage, pod }: SeiNodeStatus): string {
  const runs = `the node runs ${currentImage ?? 'an unknown image'}`;
  // Admission has rewritten the image, to a mirror's name or to a digest.
  return pod === undefined || pod.image === currentImage ? runs : `${runs} as ${pod.image}`;
}

function failureOf({ plan, conditions }: SeiNodeStatus): string {
  const failure = plan?.lastFailure;
  return failure === undefined
    ? (findCondition(conditions, 'NodeUpdateInProgress')?.message ?? '')
    : `${failure.step}: ${failure.reason}: ${failure.message}`;
}

function notReady(reason: string, message: string): ConditionUpdate {
  return { type: 'Ready', status: 'False', reason, message };
}
