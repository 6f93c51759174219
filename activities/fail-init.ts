import { failedInit } from '../domain/init-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { recordEvent } from './record-event.ts';

/**
 * Records why the bring-up does not go on.
 *
 * Safe to retry: a plan that has failed is left as it is, and the Event's name follows from it.
 */
export function createFailInit(deps: ActivityDeps): NodeActivities['failInit'] {
  return async ({ node, planId, failure }) => {
    const at = deps.now().toISOString();
    const result = await updateNodeStatus(deps, node, (current) =>
      failedInit(current, planId, { ...failure, at }, at),
    );
    if (result.kind === 'gone') return;
    await recordEvent(deps, node, {
      type: 'Warning',
      reason: failure.reason,
      message: `${failure.step}: ${failure.message}`,
      occurrence: planId,
    });
  };
}
