import type { PodTroubleReason } from '../node/stall-reason.ts';
import type { Stall } from '../node/stall.ts';
import type { ContainerView, PodView } from './pod-view.ts';
import { SEID_CONTAINER } from './pod-view.ts';

/** The stall of a node whose pod does not get further on its own. */
export interface PodTrouble extends Stall {
  readonly reason: PodTroubleReason;
}

/** Autoscalers need about this long to bring a machine, so a shorter wait is no trouble. */
export const UNSCHEDULABLE_GRACE_MS = 2 * 60_000;

/** The scheduler's caches lag by less, and it looks again when a claim appears. */
const CLAIM_GRACE_MS = 10_000;

/**
 * A kubelet removes a stopped pod by a delete without grace, and for a moment the pod looks as if its grace
 * ended in this very second; and clocks differ by as much.
 */
const TERMINATION_SLACK_MS = 3_000;

/**
 * Returns whether the pod is being deleted and may still take its time. A step that waits for it is not
 * stuck then, however long a grace somebody has given it.
 *
 * @param nowMs milliseconds since the epoch.
 */
export function isWithinGrace({ deletionTimestamp }: PodView, nowMs: number): boolean {
  // The API server sets the deletion timestamp to the end of the grace.
  return (
    deletionTimestamp !== undefined && nowMs <= Date.parse(deletionTimestamp) + TERMINATION_SLACK_MS
  );
}

/**
 * Returns the trouble that stops the pod from running its target, or undefined.
 *
 * @param nowMs milliseconds since the epoch; a trouble that has a grace does not show until that is over.
 */
export function podTrouble(pod: PodView, nowMs: number): PodTrouble | undefined {
  if (pod.deletionTimestamp !== undefined) {
    if (isWithinGrace(pod, nowMs)) return undefined;
    const { finalizers } = pod;
    return {
      reason: 'PodTerminating',
      message: [
        `pod ${pod.name} is still terminating after its grace ended at ${pod.deletionTimestamp}`,
        ...(finalizers.length === 0
          ? []
          : [
              `held by metadata.finalizers ${finalizers.join(', ')}: whoever set them takes them off`,
            ]),
      ].join('; '),
    };
  }
  for (const container of pod.containers) {
    const trouble = containerTrouble(pod, container);
    if (trouble !== undefined) return trouble;
  }
  return pod.unschedulable && schedulingTrouble(pod.name, pod.unschedulable, nowMs);
}

/** The scheduler's words for a claim that is missing; no added machine fixes that. */
const CLAIM_MISSING = /persistentvolumeclaim "[^"]*" not found/;

function schedulingTrouble(
  name: string,
  { message, since }: NonNullable<PodView['unschedulable']>,
  nowMs: number,
): PodTrouble | undefined {
  const reason = CLAIM_MISSING.test(message) ? 'PVCNotReady' : 'Unschedulable';
  const graceMs = reason === 'PVCNotReady' ? CLAIM_GRACE_MS : UNSCHEDULABLE_GRACE_MS;
  if (nowMs - Date.parse(since) < graceMs) return undefined;
  return { reason, message: `pod ${name}: ${message}` };
}

function containerTrouble(pod: PodView, container: ContainerView): PodTrouble | undefined {
  if (container.state.kind !== 'waiting') return undefined;
  const message = [
    `pod ${pod.name}, container ${container.name}, image ${container.image}`,
    container.state.message,
  ]
    .filter((part) => part !== '')
    .join(': ');
  switch (container.state.reason) {
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'ErrImageNeverPull':
    case 'RegistryUnavailable':
      // A kubelet alternates between these; to a person they are one trouble.
      return { reason: 'ImagePullBackOff', message };
    case 'InvalidImageName':
      return { reason: 'InvalidImageName', message };
    case 'CreateContainerConfigError':
    case 'CreateContainerError':
      return { reason: 'CreateContainerConfigError', message };
    case 'CrashLoopBackOff':
      // A crashing seid has run its image: a chain that halted for an upgrade looks just like that.
      return container.name === SEID_CONTAINER
        ? undefined
        : { reason: 'CrashLoopBackOff', message };
    default:
      return undefined;
  }
}
