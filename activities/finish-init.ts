import { dueWork, nodeAlone } from '../domain/due-work.ts';
import { finishedInit } from '../domain/init-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { recordEvent } from './record-event.ts';

/**
 * Records that the node is Running, and says what is due after it.
 *
 * Safe to retry: a plan that is complete is left as it is, and the Event's name follows from it.
 */
export function createFinishInit(deps: ActivityDeps): NodeActivities['finishInit'] {
  return async ({ node, planId }) => {
    const result = await updateNodeStatus(deps, node, (current) =>
      finishedInit(current, planId, deps.now().toISOString()),
    );
    if (result.kind === 'gone') return { kind: 'gone' };
    await recordEvent(deps, node, {
      type: 'Normal',
      reason: 'PhaseTransition',
      message: 'Phase changed from Initializing to Running',
      occurrence: planId,
    });
    const due = dueWork(nodeAlone(result.node, deps.cache.pods(result.node.metadata)), deps.policy);
    return { kind: 'finished', due };
  };
}
