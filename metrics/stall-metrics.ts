import type { Registry } from 'prom-client';
import { Gauge } from 'prom-client';

import { findCondition } from '../domain/node/condition.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';

/**
 * The number of stalled nodes with a series of their own. The name of a node is the one unbounded label, and an image
 * that nobody can pull stalls a whole fleet: the count by reason still covers all.
 */
export const NAMED_STALLS = 100;

interface StalledNode {
  readonly node: SeiNode;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/**
 * Exports the nodes whose condition Stalled is True at the time of the scrape: a node that is no longer stalled has no
 * series.
 */
export function registerStallMetrics(
  registry: Registry,
  nodes: () => Iterable<SeiNode>,
  now: () => number = Date.now,
): void {
  const registers = [registry];
  new Gauge({
    name: 'seinode_stalled_nodes',
    help: 'Nodes that something outside holds back, by the reason of their condition Stalled.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.reset();
      for (const { reason } of stallsOf(nodes())) this.inc({ reason });
    },
  });
  new Gauge({
    name: 'seinode_node_stalled_seconds',
    help: `How long a node has been stalled; only the ${NAMED_STALLS} that have been so longest.`,
    labelNames: ['namespace', 'name', 'reason'],
    registers,
    collect() {
      this.reset();
      const oldestFirst = stallsOf(nodes()).toSorted((one, other) => one.since - other.since);
      for (const { node, reason, since } of oldestFirst.slice(0, NAMED_STALLS)) {
        const { namespace, name } = node.metadata;
        this.set({ namespace, name, reason }, Math.max(now() - since, 0) / 1_000);
      }
    },
  });
}

function stallsOf(nodes: Iterable<SeiNode>): readonly StalledNode[] {
  const stalls: StalledNode[] = [];
  for (const node of nodes) {
    const stalled = findCondition(node.status?.conditions, 'Stalled');
    if (stalled?.status !== 'True') continue;
    const { reason, lastTransitionTime } = stalled;
    stalls.push({ node, reason, since: Date.parse(lastTransitionTime) });
  }
  return stalls;
}
