import { dueWork, nodeAlone } from '../domain/due-work.ts';
import { finishedUpdate } from '../domain/update-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { recordEvent } from './record-event.ts';

/**
 * Records that the update is complete, and says what is due after it.
 *
 * Safe to retry: only an Active plan of this id is completed, and the Event's name follows from it.
 */
export function createFinishUpdate(deps: ActivityDeps): NodeActivities['finishUpdate'] {
  return async ({ node, planId }) => {
    const result = await updateNodeStatus(deps, node, (current) =>
      finishedUpdate(current, planId, deps.now().toISOString()),
    );
    if (result.kind === 'gone') return { kind: 'gone' };
    const { plan, currentImage } = result.node.status ?? {};
    if (plan?.id === planId && plan.phase === 'Complete') {
      await recordEvent(deps, node, {
        type: 'Normal',
        reason: 'UpdateComplete',
        message: `the node runs ${currentImage ?? 'an unknown image'}`,
        occurrence: planId,
      });
    }
    const due = dueWork(nodeAlone(result.node, deps.cache.pods(result.node.metadata)), deps.policy);
    return { kind: 'finished', due };
  };
}
