import type { ConditionUpdate } from './condition.ts';
import { isConditionTrue } from './condition.ts';
import { completedPlan } from './plan.ts';
import type { RunningPod } from './rollout.ts';
import type { SeiNode, SeiNodeStatus } from './sei-node.ts';
import { settledStall, statusWithConditions } from './status-conditions.ts';
import type { Target } from './target.ts';

/**
 * Whether a Running node is this operator's already. The original never sets
 * `status.observedGeneration`; a take-over that began and was cut off has to be finished first,
 * since an update in its place could restart the pod.
 */
export function isTakenOver(node: SeiNode): boolean {
  const { observedGeneration, plan } = node.status ?? {};
  if (observedGeneration === undefined) return false;
  const takesOver = plan?.tasks.some((task) => task.type === 'take-over') ?? false;
  return !takesOver || plan?.phase === 'Complete';
}

/**
 * A node that another operator ran is ours now. Its pod was not touched.
 *
 * `currentImage` is what the pod runs; where no pod has started it is dropped, because the original
 * also recorded images that never ran. An update that the original left half done is settled when
 * the pod runs the target, else it stays open and the next update finishes it.
 */
export function takenOver(
  node: SeiNode,
  planId: string,
  pod: RunningPod | undefined,
  target: Target,
  now: string,
): SeiNodeStatus {
  const before = node.status ?? {};
  const { currentImage: _image, currentSidecarImage: _sidecarImage, ...rest } = before;
  const conditions: ConditionUpdate[] = [...settledStall(before)];
  const onTarget = pod?.image === target.image;
  if (onTarget && isConditionTrue(before.conditions, 'NodeUpdateInProgress')) {
    conditions.push({
      type: 'NodeUpdateInProgress',
      status: 'False',
      reason: 'UpdateComplete',
      message: `the pod runs ${pod.image}: the update that was under way is settled`,
    });
  }
  if (onTarget) {
    conditions.push({
      type: 'Ready',
      status: 'True',
      reason: 'Running',
      message: `the node runs ${pod.image}`,
    });
  }
  return {
    ...rest,
    conditions: statusWithConditions(node, conditions, now).conditions ?? [],
    ...(pod !== undefined && { currentImage: pod.image }),
    ...(pod?.sidecarImage !== undefined && { currentSidecarImage: pod.sidecarImage }),
    ...(before.plan?.id === planId && { plan: completedPlan(before.plan) }),
  };
}
