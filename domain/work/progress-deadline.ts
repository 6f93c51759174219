/** Decides when a node is late, and what follows. Pure; `workflows/progress-deadline.ts` has the clock. */

import type { SeiNode } from '../node/sei-node.ts';
import type { Stall } from '../node/stall.ts';
import type { Target } from '../node/target.ts';
import { isNodePod } from '../pod/node-pod.ts';
import type { PodView } from '../pod/pod-view.ts';
import type { StatefulSetView } from '../pod/stateful-set-view.ts';

/** The default of Deployments of Kubernetes, and the documented one for SeiNodes. */
export const DEFAULT_DEADLINE_SECONDS = 600;

/** The time that a node may go without progress, and the reaction after that. */
export interface ProgressPolicy {
  readonly deadlineSeconds: number;
  readonly autoRollback: boolean;
}

/** Returns the policy in the node's spec, with its defaults. */
export function progressPolicy({ spec }: SeiNode): ProgressPolicy {
  const { progressDeadlineSeconds = DEFAULT_DEADLINE_SECONDS, autoRollback = false } =
    spec.updatePolicy ?? {};
  return { deadlineSeconds: progressDeadlineSeconds, autoRollback };
}

/** More than a pod has containers, so that a step counts for more than all stages of a pod. */
const STAGES_PER_STEP = 100;

/**
 * Returns the stage of the pod of the newest template: it exists, it is on a machine, and so many of its
 * containers have started. The stage only ever grows for one pod; restarts do not count.
 */
export function podStage(
  statefulSet: StatefulSetView | undefined,
  pods: readonly PodView[],
): number {
  const newest = pods.find(
    (pod) =>
      isNodePod(pod, statefulSet) &&
      pod.revision === statefulSet?.updateRevision &&
      pod.deletionTimestamp === undefined,
  );
  if (newest === undefined) return 0;
  const started = newest.containers.filter(({ hasStarted }) => hasStarted).length;
  return Math.min(1 + (newest.unschedulable === undefined ? 1 : 0) + started, STAGES_PER_STEP - 1);
}

/** Returns the progress of a plan as a number that grows. */
export function rankOf(step: number, stage: number): number {
  return step * STAGES_PER_STEP + Math.max(0, Math.min(stage, STAGES_PER_STEP - 1));
}

/**
 * Returns the stall of a node that is late.
 *
 * @param notRolledBack the reason against an automatic rollback, if the policy asks for one.
 */
export function lateStall(
  target: Target,
  { deadlineSeconds }: ProgressPolicy,
  notRolledBack: string | undefined,
): Stall {
  const aim =
    target.replicas === 0
      ? 'no pod of the paused node being left'
      : `${target.image} with sidecar ${target.sidecarImage}`;
  const late = `no progress towards ${aim} for ${deadlineSeconds} s (spec.updatePolicy.progressDeadlineSeconds)`;
  return {
    reason: 'ProgressDeadlineExceeded',
    message:
      notRolledBack === undefined ? late : `${late}; autoRollback does nothing: ${notRolledBack}`,
  };
}
