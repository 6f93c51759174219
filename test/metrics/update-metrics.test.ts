import { Registry } from 'prom-client';
import { beforeEach, describe, expect, it } from 'vitest';

import type { HistoryEntry, UpdateOutcome } from '../../domain/node/sei-node-status.ts';
import type { UpdateMetrics } from '../../metrics/update-metrics.ts';
import { createUpdateMetrics } from '../../metrics/update-metrics.ts';
import { parseExposition, sumOf } from './exposition.ts';

let registry: Registry;
let metrics: UpdateMetrics;

beforeEach(() => {
  registry = new Registry();
  metrics = createUpdateMetrics(registry);
});

function entry(outcome: UpdateOutcome, minute = 0): HistoryEntry {
  const startedAt = `2026-01-01T12:0${minute}:00.000Z`;
  const endedAt = `2026-01-01T12:0${minute}:30.000Z`;
  return { from: 'sei:v1', to: 'sei:v2', outcome, startedAt, endedAt, actor: 'spec' };
}

async function sum(name: string, outcome?: string): Promise<number | undefined> {
  const series = parseExposition(await registry.metrics());
  return sumOf(series, name, outcome === undefined ? {} : { outcome });
}

describe('createUpdateMetrics', () => {
  it('counts an entry that the history has gained, and how long it took', async () => {
    const known = entry('Complete', 1);
    metrics.written({ history: [known] }, { history: [entry('Failed', 2), known] });
    expect(await sum('seinode_updates_total', 'failed')).toBe(1);
    expect(await sum('seinode_updates_total')).toBe(1);
    expect(await sum('seinode_update_duration_seconds_sum', 'failed')).toBe(30);
  });

  it('counts nothing when a write repeats what is recorded', async () => {
    metrics.written({ history: [entry('Complete')] }, { history: [entry('Complete')] });
    expect(await sum('seinode_updates_total')).toBe(0);
  });

  it('counts every entry that one write adds, and none that it drops', async () => {
    metrics.written(
      { history: [entry('Complete', 1)] },
      { history: [entry('Superseded', 3), entry('RolledBack', 2)] },
    );
    expect(await sum('seinode_updates_total', 'superseded')).toBe(1);
    expect(await sum('seinode_updates_total', 'rolled-back')).toBe(1);
    expect(await sum('seinode_updates_total')).toBe(2);
  });

  it('takes a hold for no end of an update', async () => {
    metrics.written(undefined, { history: [entry('Held'), entry('Resumed', 1)] });
    expect(await sum('seinode_updates_total')).toBe(0);
  });

  it('has a series for each outcome from the start', async () => {
    const outcomes = parseExposition(await registry.metrics())
      .filter(({ name }) => name === 'seinode_updates_total')
      .map(({ labels }) => labels['outcome']);
    expect(outcomes).toEqual(['complete', 'failed', 'superseded', 'rolled-back']);
  });
});
