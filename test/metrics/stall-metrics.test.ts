import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import { NAMED_STALLS, registerStallMetrics } from '../../metrics/stall-metrics.ts';
import { seiNode } from '../support/sei-node.ts';
import { parseExposition, sumOf } from './exposition.ts';

const NOW = Date.parse('2026-01-01T12:00:00.000Z');

let nodes: SeiNode[];
let registry: Registry;

beforeEach(() => {
  nodes = [];
  registry = new Registry();
  registerStallMetrics(
    registry,
    () => nodes,
    () => NOW,
  );
});

function stalled(name: string, seconds: number, status: 'True' | 'False' = 'True'): SeiNode {
  const lastTransitionTime = new Date(NOW - seconds * 1_000).toISOString();
  const reason = 'ImagePullBackOff';
  return seiNode({
    metadata: { name },
    status: { conditions: [{ type: 'Stalled', status, reason, message: '', lastTransitionTime }] },
  });
}

async function seriesOf(wanted: string) {
  return parseExposition(await registry.metrics()).filter(({ name }) => name === wanted);
}

describe('registerStallMetrics', () => {
  it('names each stalled node with its reason and age', async () => {
    nodes = [stalled('n0', 90), stalled('n1', 10, 'False'), seiNode()];
    expect(await seriesOf('seinode_node_stalled_seconds')).toEqual([
      {
        name: 'seinode_node_stalled_seconds',
        labels: { namespace: 'default', name: 'n0', reason: 'ImagePullBackOff' },
        value: 90,
      },
    ]);
  });

  it('has no series for a node that is not stalled any more', async () => {
    nodes = [stalled('n0', 90)];
    await registry.metrics();
    nodes = [stalled('n0', 1, 'False')];
    expect(await seriesOf('seinode_node_stalled_seconds')).toEqual([]);
    expect(await seriesOf('seinode_stalled_nodes')).toEqual([]);
  });

  it('names only those that have been stalled for longest, and counts all', async () => {
    nodes = Array.from({ length: NAMED_STALLS + 20 }, (_, index) => stalled(`n${index}`, index));
    const named = await seriesOf('seinode_node_stalled_seconds');
    expect(named).toHaveLength(NAMED_STALLS);
    expect(Math.min(...named.map(({ value }) => value))).toBe(20);
    expect(sumOf(await seriesOf('seinode_stalled_nodes'), 'seinode_stalled_nodes')).toBe(
      NAMED_STALLS + 20,
    );
  });
});
