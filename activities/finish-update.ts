import { dueWork, nodeAlone } from '../domain/due-work.ts';
import { finishedUpdate } from '../domain/update-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { recordEvent } from './record-event.ts';

/**
 * Records that the update is complete, and says what is due after it.
 *
 * Safe to retry: a plan that is complete is left as it is, and the Event's name follows from it.
 */
export function createFinishUpdate(deps: ActivityDeps): NodeActivities['finishUpdate'] {
  return async ({ node, planId }) => {
    const result = await updateNodeStatus(deps, node, (current) =>
      finishedUpdate(current, planId, deps.now().toISOString()),
    );
    if (result.kind === 'gone') return { kind: 'gone' };
    await recordEvent(deps, node, {
      type: 'Normal',
      reason: 'UpdateComplete',
      message: `the node runs ${result.node.status?.currentImage ?? 'an unknown image'}`,
      occurrence: planId,
    });
    const due = dueWork(nodeAlone(result.node, deps.cache.pods(result.node.metadata)), deps.policy);
    return { kind: 'finished', due };
  };
}
