import { failedSync } from '../domain/work/sync-lifecycle.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { recordEvent } from './shared/record-event.ts';

/**
 * Records why the node does not converge.
 *
 * Safe to retry: setting a condition to what it is changes nothing.
 */
export function createFailSync(deps: ActivityDeps): NodeActivities['failSync'] {
  return async ({ node, failure }) => {
    const result = await updateNodeStatus(deps, node, (current) =>
      failedSync(current, failure, deps.now().toISOString()),
    );
    // A node that failed in the same way before has its Event already.
    if (result.kind !== 'written') return;
    await recordEvent(deps, node, {
      type: 'Warning',
      reason: failure.reason,
      message: `${failure.step}: ${failure.message}`,
      occurrence: `${result.node.metadata.generation} ${failure.message}`,
    });
  };
}
