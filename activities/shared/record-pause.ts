import { isConditionTrue } from '../../domain/node/condition.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { ActivityDeps } from '../deps.ts';
import { recordEvent } from './record-event.ts';

/**
 * Records an Event when the node becomes paused, or is no longer paused.
 *
 * Safe to repeat: the Event's name follows from the generation that paused or unpaused the node.
 *
 * @param before true where status said before that the node is paused
 */
export async function recordPause(
  deps: ActivityDeps,
  node: SeiNode,
  before: boolean,
): Promise<void> {
  const isPaused = isConditionTrue(node.status?.conditions, 'Paused');
  if (isPaused === before) return;
  await recordEvent(deps, node.metadata, {
    type: 'Normal',
    reason: isPaused ? 'Paused' : 'Unpaused',
    message: isPaused
      ? 'spec.paused is true: the node is scaled to zero'
      : 'spec.paused is unset or false: the node comes up from the newest template',
    occurrence: String(node.metadata.generation),
  });
}
