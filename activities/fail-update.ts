import { failedUpdate } from '../domain/work/update-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { recordEvent } from './shared/record-event.ts';

/**
 * Records that the update failed. The node stays Running; the workflow makes the next attempt.
 *
 * Safe to retry: a plan that has failed is left as it is, and the Event's name follows from it.
 */
export function createFailUpdate(deps: ActivityDeps): NodeActivities['failUpdate'] {
  return async ({ node, planId, failure }) => {
    const at = deps.now().toISOString();
    const result = await updateNodeStatus(deps, node, (current) =>
      failedUpdate(current, planId, { ...failure, at }, at),
    );
    if (result.kind === 'gone') return;
    await recordEvent(deps, node, {
      type: 'Warning',
      reason: 'UpdateFailed',
      message: `${failure.step}: ${failure.reason}: ${failure.message}`,
      occurrence: planId,
    });
  };
}
