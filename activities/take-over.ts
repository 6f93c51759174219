import { dueWork, nodeAlone } from '../domain/due-work.ts';
import type { FoundPod } from '../domain/take-over.ts';
import { NO_POD, takenOver } from '../domain/take-over.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { lookAt } from './look-at.ts';
import { recordEvent } from './record-event.ts';

/**
 * Records that the node is ours, with the image that its pod runs, and settles what the other
 * operator left behind, as far as the pod and its sidecar bear it out. The pod is only looked at.
 *
 * Safe to retry: it reads live and patches with the resourceVersion that it decided from.
 */
export function createTakeOver(deps: ActivityDeps): NodeActivities['takeOver'] {
  return async ({ node, planId, target }) => {
    const pods = (await deps.api.listPods(node)).filter(
      ({ deletionTimestamp }) => deletionTimestamp === undefined,
    );
    const found = new Map<string | undefined, FoundPod>();
    for (const pod of pods) found.set(pod.statefulSetUid, await lookAt(deps, node, pod));
    const foundOf = (uid: string | undefined): FoundPod =>
      (uid === undefined ? undefined : found.get(uid)) ?? NO_POD;
    const result = await updateNodeStatus(deps, node, (current) => {
      const pod = foundOf(current.status?.statefulSet?.uid);
      return takenOver(current, planId, pod, target, deps.now().toISOString());
    });
    if (result.kind === 'gone') return { kind: 'gone' };
    await recordEvent(deps, node, {
      type: 'Normal',
      reason: 'StatefulSetAdopted',
      message: `StatefulSet ${node.name} was adopted; its pod was not restarted`,
      occurrence: planId,
    });
    const { sidecar } = foundOf(result.node.status?.statefulSet?.uid);
    return {
      kind: 'finished',
      due: dueWork({ ...nodeAlone(result.node, pods), sidecar }, deps.policy),
    };
  };
}
