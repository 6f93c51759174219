import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';

import type { Plan, SeiNodeStatus } from '../../domain/node/sei-node-status.ts';
import type { DueWork } from '../../domain/work/due-work.ts';
import type { DueMetrics } from '../../metrics/due-metrics.ts';
import { createDueMetrics } from '../../metrics/due-metrics.ts';
import { seiNode } from '../support/sei-node.ts';
import { parseExposition, sumOf } from './exposition.ts';

const INIT: DueWork = { kind: 'nodeInit', why: '' };
const DELETE: DueWork = { kind: 'nodeDelete' };
const NOTHING: DueWork = { kind: 'nothing', why: '' };
const HELD: DueWork = { kind: 'held', hold: { actor: 'kim', reason: '', since: '' } };
const ACTIVE: Plan = { phase: 'Active', tasks: [] };

let registry: Registry;
let metrics: DueMetrics;
let now: number;

beforeEach(() => {
  registry = new Registry();
  now = 1_000_000;
  metrics = createDueMetrics(registry, () => now);
});

function node(status: SeiNodeStatus = {}, name = 'n0') {
  return seiNode({ metadata: { name }, status });
}

async function sum(name: string, labels = {}): Promise<number | undefined> {
  return sumOf(parseExposition(await registry.metrics()), name, labels);
}

describe('createDueMetrics', () => {
  it('shows how long work has been due of the node that waits for longest', async () => {
    metrics.decided(node({}, 'first'), INIT);
    now += 40_000;
    metrics.decided(node({}, 'second'), INIT);
    now += 2_000;
    metrics.decided(node({}, 'first'), INIT);
    expect(await sum('seinode_due_oldest_seconds', { work: 'nodeInit' })).toBe(42);
    expect(await sum('seinode_nodes', { due: 'nodeInit' })).toBe(2);
  });

  it('measures from when work became due until none is', async () => {
    metrics.decided(node(), INIT);
    now += 3_000;
    metrics.decided(node(), DELETE);
    now += 1_000;
    metrics.decided(node(), NOTHING);
    expect(await sum('seinode_due_seconds_sum', { work: 'nodeInit' })).toBe(4);
    expect(await sum('seinode_due_seconds_count')).toBe(1);
    expect(await sum('seinode_due_oldest_seconds')).toBeUndefined();
    expect(await sum('seinode_nodes')).toBe(1);
  });

  it('has series to begin with for each kind of work', async () => {
    for (const work of ['nodeInit', 'nodeUpdate', 'nodeSync', 'nodeDelete']) {
      expect(await sum('seinode_due_seconds_count', { work })).toBe(0);
      expect(await sum('seinode_first_write_seconds_count', { work })).toBe(0);
    }
  });

  it('does not hold the time of a hold against us', async () => {
    metrics.decided(node(), INIT);
    metrics.decided(node(), HELD);
    now += 60_000;
    metrics.decided(node(), INIT);
    now += 1_000;
    metrics.decided(node(), NOTHING);
    expect(await sum('seinode_due_seconds_sum')).toBe(1);
    expect(await sum('seinode_due_seconds_count')).toBe(1);
  });

  it('measures until the status is another one, once', async () => {
    metrics.decided(node(), INIT);
    now += 100;
    metrics.seen(node());
    expect(await sum('seinode_first_write_seconds_count')).toBe(0);
    expect(await sum('seinode_unbegun_oldest_seconds', { work: 'nodeInit' })).toBe(0.1);
    now += 100;
    metrics.seen(node({ plan: ACTIVE }));
    now += 100;
    metrics.seen(node({ phase: 'Running' }));
    expect(await sum('seinode_first_write_seconds_sum', { work: 'nodeInit' })).toBe(0.2);
    expect(await sum('seinode_first_write_seconds_count')).toBe(1);
    expect(await sum('seinode_unbegun_oldest_seconds')).toBeUndefined();
  });

  it('takes no write of a run that is under way for the first of the next', async () => {
    metrics.decided(node({ plan: ACTIVE }), INIT);
    metrics.seen(node({ phase: 'Running' }));
    expect(await sum('seinode_first_write_seconds_count')).toBe(0);
  });

  it('shows no node once the watcher has stopped', async () => {
    metrics.decided(node(), INIT);
    metrics.stopped();
    expect(await sum('seinode_nodes')).toBeUndefined();
    expect(await sum('seinode_due_oldest_seconds')).toBeUndefined();
  });

  it('forgets a node that is gone', async () => {
    metrics.decided(node(), INIT);
    metrics.gone(node().metadata);
    expect(await sum('seinode_nodes')).toBeUndefined();
    expect(await sum('seinode_due_oldest_seconds')).toBeUndefined();
  });
});
