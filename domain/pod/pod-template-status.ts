import type { ConditionUpdate } from '../node/condition.ts';
import { findCondition } from '../node/condition.ts';
import type { SeiNode } from '../node/sei-node.ts';
import { isNodePod } from './node-pod.ts';
import type { PodView } from './pod-view.ts';
import type { StatefulSetView } from './stateful-set-view.ts';

/**
 * Says whether the pod runs the newest template. Under OnDelete a changed label or request reaches a pod
 * only when it is replaced, and only a changed image replaces it automatically.
 */
export type PodTemplateStatus =
  /** The StatefulSet controller has not said yet, or there is no pod. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'recorded' }
  | { readonly kind: 'unrecorded'; readonly condition: ConditionUpdate };

/**
 * Compares the template of the running pod with the newest, and with condition PodCurrent.
 *
 * @param pods those with the node's label.
 */
export function podTemplateStatus(
  node: SeiNode,
  statefulSet: StatefulSetView | undefined,
  pods: readonly PodView[],
): PodTemplateStatus {
  const pod = pods.find(
    (candidate) => isNodePod(candidate, statefulSet) && candidate.deletionTimestamp === undefined,
  );
  if (
    statefulSet === undefined ||
    pod?.revision === undefined ||
    statefulSet.updateRevision === undefined ||
    statefulSet.observedGeneration < statefulSet.generation
  ) {
    return { kind: 'unknown' };
  }
  const isCurrent = pod.revision === statefulSet.updateRevision;
  const recorded = findCondition(node.status?.conditions, 'PodCurrent');
  // A node whose pod was never behind needs no condition that says so.
  if ((recorded?.status ?? 'True') === (isCurrent ? 'True' : 'False')) {
    return { kind: 'recorded' };
  }
  return {
    kind: 'unrecorded',
    condition: isCurrent ? currentCondition(pod.name) : behindCondition(pod, statefulSet),
  };
}

function currentCondition(podName: string): ConditionUpdate {
  return {
    type: 'PodCurrent',
    status: 'True',
    reason: 'NewestTemplate',
    message: `pod ${podName} runs the newest template`,
  };
}

function behindCondition(pod: PodView, statefulSet: StatefulSetView): ConditionUpdate {
  return {
    type: 'PodCurrent',
    status: 'False',
    reason: 'TemplateChanged',
    message: `pod ${pod.name} runs revision ${pod.revision ?? ''}; the newest template, ${statefulSet.updateRevision ?? ''}, takes effect when the pod is replaced`,
  };
}
