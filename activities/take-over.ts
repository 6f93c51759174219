import { dueWork, nodeAlone } from '../domain/due-work.ts';
import { runningPod } from '../domain/rollout.ts';
import { takenOver } from '../domain/take-over.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { recordEvent } from './record-event.ts';

/**
 * Records that the node is ours, with the image that its pod runs, and settles what the other
 * operator left behind. The pod is only looked at.
 *
 * Safe to retry: it reads live and patches with the resourceVersion that it decided from.
 */
export function createTakeOver(deps: ActivityDeps): NodeActivities['takeOver'] {
  return async ({ node, planId, target }) => {
    const pods = await deps.api.listPods(node);
    const result = await updateNodeStatus(deps, node, (current) => {
      const uid = current.status?.statefulSet?.uid;
      const pod = pods.find(
        (candidate) =>
          candidate.statefulSetUid === uid && candidate.deletionTimestamp === undefined,
      );
      const running = pod === undefined ? undefined : runningPod(pod);
      return takenOver(current, planId, running, target, deps.now().toISOString());
    });
    if (result.kind === 'gone') return { kind: 'gone' };
    await recordEvent(deps, node, {
      type: 'Normal',
      reason: 'StatefulSetAdopted',
      message: `StatefulSet ${node.name} was adopted; its pod was not restarted`,
      occurrence: planId,
    });
    return {
      kind: 'finished',
      due: dueWork(nodeAlone(result.node, pods), deps.policy),
    };
  };
}
