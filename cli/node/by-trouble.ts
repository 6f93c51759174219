import { keyOf } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { NodeHealth } from '../../domain/status/node-health.ts';
import { NODE_STATES, nodeHealth } from '../../domain/status/node-health.ts';

export interface NodeInTrouble {
  readonly node: SeiNode;
  readonly health: NodeHealth;
}

/** Sorts the nodes: those that need a person most come first, and among equals those that have waited longest. */
export function byTrouble(nodes: Iterable<SeiNode>): readonly NodeInTrouble[] {
  return [...nodes]
    .map((node) => ({ node, health: nodeHealth(node) }))
    .toSorted(
      (one, other) =>
        rankOf(one) - rankOf(other) ||
        waitOf(one).localeCompare(waitOf(other)) ||
        keyOf(one.node.metadata).localeCompare(keyOf(other.node.metadata)),
    );
}

function rankOf({ health }: NodeInTrouble): number {
  return NODE_STATES.indexOf(health.state);
}

/** Nobody waits for a node that runs, so running nodes stay in the order of their names. */
function waitOf({ health }: NodeInTrouble): string {
  return health.state === 'running' ? '' : (health.since ?? '');
}
