import { withHistoryEntry } from '../node/history.ts';
import type { SeiNodeStatus } from '../node/sei-node-status.ts';
import type { SeiNode } from '../node/sei-node.ts';
import type { Command } from './steering.ts';

/**
 * Returns the node with a hold: the operator leaves its template, pod and claims alone until `resume`, and
 * the pod keeps serving. A node that is already held keeps its first hold.
 */
export function heldNode(node: SeiNode, command: Command, now: string): SeiNodeStatus {
  const before = node.status ?? {};
  if (before.hold !== undefined) return before;
  const { reason, actor } = command;
  return {
    ...before,
    hold: { reason, actor, since: now },
    history: withHistoryEntry(before.history, steered(node, 'Held', command, now)),
  };
}

/**
 * Returns the node without its hold. The progress deadline of an update that was held starts over, since
 * nothing could progress meanwhile.
 */
export function resumedNode(node: SeiNode, command: Command, now: string): SeiNodeStatus {
  const { hold, ...before } = node.status ?? {};
  if (hold === undefined) return before;
  const { plan } = before;
  return {
    ...before,
    ...(plan?.phase === 'Active' && { plan: { ...plan, startedAt: now } }),
    history: withHistoryEntry(before.history, steered(node, 'Resumed', command, now)),
  };
}

function steered(
  node: SeiNode,
  outcome: 'Held' | 'Resumed',
  { actor, reason }: Command,
  now: string,
) {
  return {
    from: node.status?.currentImage ?? '',
    to: node.spec.image,
    outcome,
    startedAt: now,
    endedAt: now,
    actor,
    reason,
  };
}
