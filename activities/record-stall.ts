import type { SeiNode } from '../domain/node/sei-node.ts';
import type { ShownStall } from '../domain/node/stall.ts';
import { shownStall } from '../domain/node/stall.ts';
import {
  clearedStall,
  stalledNode,
  statusWithConditions,
} from '../domain/status/status-conditions.ts';
import { updateNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { recordEvent } from './shared/record-event.ts';

/**
 * Records the stall of the node, or its end.
 *
 * Safe to retry: setting a condition to its present value changes nothing.
 */
export function createRecordStall(deps: ActivityDeps): NodeActivities['recordStall'] {
  return async ({ node, planId, trouble, exceeded }) => {
    const stall = shownStall(trouble, exceeded);
    const result = await updateNodeStatus(deps, node, (current) => {
      const now = deps.now().toISOString();
      return stall === undefined
        ? statusWithConditions(current, clearedStall(current.status ?? {}), now)
        : stalledNode(current, stall, now);
    });
    if (result.kind === 'gone') return;
    for (const cause of [trouble, exceeded]) {
      if (cause !== undefined) await recordStallEvent(deps, result.node, planId, cause);
    }
  };
}

/** Records the Event of a stall: one per stuck image, however often its pods go through the stall. */
export async function recordStallEvent(
  deps: Pick<ActivityDeps, 'api' | 'logger' | 'now'>,
  { metadata, status }: SeiNode,
  planId: string,
  { reason, message }: ShownStall,
): Promise<void> {
  await recordEvent(deps, metadata, {
    type: 'Warning',
    reason: 'Stalled',
    message: `${reason}: ${message}`,
    occurrence: `${planId} ${status?.plan?.targetImage ?? ''} ${reason}`,
  });
}
