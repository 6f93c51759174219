import { shownStall } from '../domain/stall.ts';
import { settledStall, stalledNode, statusWithConditions } from '../domain/status-conditions.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { recordEvent } from './record-event.ts';

/**
 * Records what holds the node back, or that nothing does any more.
 *
 * Safe to retry: setting a condition to what it is changes nothing.
 */
export function createRecordStall(deps: ActivityDeps): NodeActivities['recordStall'] {
  return async ({ node, planId, trouble, exceeded }) => {
    const stall = shownStall(trouble, exceeded);
    const result = await updateNodeStatus(deps, node, (current) => {
      const now = deps.now().toISOString();
      return stall === undefined
        ? statusWithConditions(current, settledStall(current.status ?? {}), now)
        : stalledNode(current, stall, now);
    });
    if (result.kind === 'gone') return;
    const targetImage = result.node.status?.plan?.targetImage ?? '';
    for (const cause of [trouble, exceeded]) {
      if (cause === undefined) continue;
      await recordEvent(deps, node, {
        type: 'Warning',
        reason: 'Stalled',
        message: `${cause.reason}: ${cause.message}`,
        // One for each image that is stuck, however often its pods go through the same trouble.
        occurrence: `${planId} ${targetImage} ${cause.reason}`,
      });
    }
  };
}
