import { findCondition, isConditionTrue } from '../domain/node/condition.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import { podsOfNode } from '../domain/pod/pods-of-node.ts';
import { dueWork, observationOf } from '../domain/work/due-work.ts';
import { finishedSync } from '../domain/work/sync-lifecycle.ts';
import { decideNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { getSeenPods } from './shared/get-seen-pods.ts';
import { isServingNow } from './shared/is-serving-now.ts';
import { recordEvent } from './shared/record-event.ts';
import { recordPause } from './shared/record-pause.ts';

/**
 * Records the status of a node whose objects are as the spec wants them. A sidecar that the run reports as ready is
 * asked once more, because that alone makes status say that the node serves.
 *
 * Safe to retry: setting conditions to their present values changes nothing, and the Event's name follows from the
 * generation that paused or unpaused the node.
 */
export function createFinishSync(deps: ActivityDeps): NodeActivities['finishSync'] {
  return async ({ node: ref, planId, sidecar: reported }) => {
    const isTrue = reported !== 'ready' || (await isServingNow(deps, ref));
    const sidecar = isTrue ? reported : undefined;
    const seen = await getSeenPods(deps.api, ref);
    const { labelled: pods, statefulSet } = seen;
    const result = await decideNodeStatus(deps, ref, (node) => {
      const own = pods.filter((pod) => pod.statefulSetUid === statefulSet?.uid);
      const left = podsOfNode(node, seen);
      const now = deps.now().toISOString();
      return {
        answer: {
          wasPaused: isConditionTrue(node.status?.conditions, 'Paused'),
          wasLost: isSidecarLost(node),
        },
        status: finishedSync({ node, pods: own, statefulSet, left }, sidecar, now),
      };
    });
    if (result.kind === 'gone') return result;
    const { wasPaused, wasLost } = result.answer;
    await recordPause(deps, result.node, wasPaused);
    if (sidecar === 'ready' && wasLost) {
      await recordEvent(deps, ref, {
        type: 'Normal',
        reason: 'SidecarReadinessRestored',
        message: 'the sidecar is ready',
        occurrence: planId,
      });
    }
    return {
      kind: 'finished',
      due: dueWork(observationOf(result.node, pods), deps.policy),
    };
  };
}

/** False for a node whose status has never mentioned its sidecar: it has lost nothing. */
function isSidecarLost({ status }: SeiNode): boolean {
  const recorded = findCondition(status?.conditions, 'SidecarReady');
  return recorded !== undefined && recorded.status !== 'True';
}
