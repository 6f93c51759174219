import type { SeiNode } from '../domain/node/sei-node.ts';
import { targetFor } from '../domain/node/target.ts';
import type { FoundPod } from '../domain/plan/take-over.ts';
import { NO_POD, takenOver } from '../domain/plan/take-over.ts';
import { hasNodePodName } from '../domain/pod/node-pod.ts';
import { ownPods } from '../domain/pod/serving-pod.ts';
import { dueWork, observationOf } from '../domain/work/due-work.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { lookAtPod } from './shared/look-at-pod.ts';
import { recordEvent } from './shared/record-event.ts';

/**
 * Records that the node is ours, with the image that its pod runs, and settles what the other operator left behind, as
 * far as the pod and its sidecar confirm it. It only looks at the pod.
 *
 * Safe to retry: it reads live and patches with the resourceVersion that it decided from.
 */
export function createTakeOver(deps: ActivityDeps): NodeActivities['takeOver'] {
  return async ({ node, planId }) => {
    const pods = await deps.api.listPods(node);
    const pod = pods.find(
      (candidate) => hasNodePodName(candidate, node) && candidate.deletionTimestamp === undefined,
    );
    const looked = pod === undefined ? NO_POD : await lookAtPod(deps, node, pod);
    const foundOf = (current: SeiNode): FoundPod =>
      pod !== undefined && ownPods(current, [pod]).length > 0 ? looked : NO_POD;
    const result = await updateNodeStatus(deps, node, (current) =>
      takenOver(
        current,
        planId,
        foundOf(current),
        targetFor(current, deps.policy.defaultSidecarImage),
        deps.now().toISOString(),
      ),
    );
    if (result.kind === 'gone') return { kind: 'gone' };
    await recordEvent(deps, node, {
      type: 'Normal',
      reason: 'StatefulSetAdopted',
      message: `StatefulSet ${node.name} was adopted; its pod was not restarted`,
      occurrence: planId,
    });
    const { sidecar } = foundOf(result.node);
    return {
      kind: 'finished',
      due: dueWork({ ...observationOf(result.node, pods), sidecar }, deps.policy),
    };
  };
}
