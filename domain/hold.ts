import { withHistoryEntry } from './history.ts';
import type { SeiNodeStatus } from './sei-node-status.ts';
import type { SeiNode } from './sei-node.ts';
import type { Command } from './steering.ts';

/**
 * The node with a hold on it: its template, pod and claims are left alone until `resume`, and the pod keeps
 * serving. A node that is held already keeps its first hold.
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
 * The node with its hold lifted. The progress deadline of an update that was held starts anew, since
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
