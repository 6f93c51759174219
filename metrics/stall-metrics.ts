import type { Registry } from 'prom-client';
import { Gauge } from 'prom-client';

import { findCondition } from '../domain/condition.ts';
import type { SeiNode } from '../domain/sei-node.ts';

/**
 * How many stalled nodes have a series of their own. Names of nodes are the one label without a bound,
 * and a release that nobody can pull stalls a whole fleet: the count by reason still tells of all.
 */
export const NAMED_STALLS = 100;

interface Stall {
  readonly node: SeiNode;
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/**
 * Tells of nodes whose condition Stalled is True, as they are at the time of the scrape: a node that is
 * not stalled any more has no series.
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

function stallsOf(nodes: Iterable<SeiNode>): readonly Stall[] {
  const stalls: Stall[] = [];
  for (const node of nodes) {
    const stalled = findCondition(node.status?.conditions, 'Stalled');
    if (stalled?.status !== 'True') continue;
    const { reason, lastTransitionTime } = stalled;
    stalls.push({ node, reason, since: Date.parse(lastTransitionTime) });
  }
  return stalls;
}
