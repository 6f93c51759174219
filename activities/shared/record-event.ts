import { createHash } from 'node:crypto';

import type { NodeRef } from '../../domain/node/node-ref.ts';
import { SEI_NODE_TYPE } from '../../domain/node/sei-node.ts';
import type { ActivityDeps } from '../deps.ts';

export interface EventToRecord {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Identifies this occurrence among others of the same reason: the id of the plan, or a target. */
  readonly occurrence: string;
}

/**
 * Records an Event about the node. Its name follows from the occurrence, so that an activity that runs twice records it
 * once. A failure to record it never fails the work that it is about.
 */
export async function recordEvent(
  deps: Pick<ActivityDeps, 'api' | 'logger' | 'now'>,
  node: NodeRef,
  event: EventToRecord,
): Promise<void> {
  const { type, reason, message } = event;
  const digest = createHash('sha256')
    .update([node.uid, reason, event.occurrence].join('\n'))
    .digest('hex')
    .slice(0, 16);
  try {
    const { namespace, name, uid } = node;
    await deps.api.createEvent({
      about: { ...SEI_NODE_TYPE, namespace, name, uid },
      name: `${node.name}.${digest}`,
      type,
      reason,
      message,
      at: deps.now().toISOString(),
    });
  } catch (err) {
    deps.logger.warn('event not recorded', {
      namespace: node.namespace,
      name: node.name,
      reason,
      error: err instanceof Error ? err.message : String(err),
    });
  }
}
