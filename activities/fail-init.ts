import { failedInit } from '../domain/work/init-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { recordEvent } from './shared/record-event.ts';

/**
 * Records why the bring-up does not go on.
 *
 * Safe to retry: a plan that has failed is left as it is, and the Event's name follows from it.
 */
export function createFailInit(deps: ActivityDeps): NodeActivities['failInit'] {
  return async ({ node, planId, failure, generation }) => {
    const at = deps.now().toISOString();
    const result = await updateNodeStatus(deps, node, (current) => {
      // Bounds the generation: no attempt can have read a spec that does not exist yet.
      const of = Math.min(generation ?? Infinity, current.metadata.generation);
      return failedInit(current, planId, { ...failure, at }, of, at);
    });
    if (result.kind === 'gone') return;
    const message = `${failure.step}: ${failure.message}`;
    await recordEvent(deps, node, {
      type: 'Warning',
      occurrence: planId,
      ...(result.node.status?.phase === 'Failed'
        ? { reason: 'NodeFailed', message: `${message}; change the spec, or send retry` }
        : { reason: failure.reason, message }),
    });
  };
}
