import { describe, expect, it } from 'vitest';

import { readBenchOptions } from './options.ts';
import type { BenchResults } from './results.ts';
import { spreadOf } from './spread.ts';
import { tableOf } from './table.ts';

const results: BenchResults = {
  machine: { cpu: 'test', cores: 2, node: 'v24' },
  options: readBenchOptions(['--nodes', '1,100', '--rounds', '1']),
  latency: {
    comparisons: [
      { nodes: 1, floor: spreadOf([50]), ours: spreadOf([199]) },
      { nodes: 100, floor: spreadOf([4_000]), ours: spreadOf([12_001]) },
    ],
    residentBytes: { worker: 300_000_000, watcher: 150_000_000 },
  },
  footprint: {
    requestsAlone: 16,
    requestsAtOnce: 16.1,
    fleet: 20,
    connections: { worker: 7, watcher: 8 },
    watches: { worker: 3, watcher: 3 },
    historyEvents: 60,
  },
  besideForeign: {
    configMaps: 300,
    statefulSets: 2_000,
    normal: { worker: 300_000_000, watcher: 150_000_000 },
    watched: { worker: 350_000_000, watcher: 150_000_000 },
    started: { worker: 300_000_000, watcher: 201_000_000 },
  },
  besideBroken: {
    broken: 2_000,
    usual: spreadOf([200]),
    beside: spreadOf([401]),
    memory: {
      usual: { worker: 300_000_000, watcher: 150_000_000 },
      beside: { worker: 500_000_000, watcher: 200_000_000 },
    },
  },
};

describe('the table of results', () => {
  it.each([
    ['one node', '199 ms', '300 ms', '200 ms', 'within the aim'],
    ['100 nodes at once', '12.0 s', '12.0 s', '6.0 s', 'over the budget'],
    ['API requests of one update', '16', '16', '10', 'within the budget'],
    ['API requests of each of 20', '16.1', '16', '10', 'over the budget'],
    ['TLS connections opened by the worker', '7', '7', '', 'within the aim'],
    ['TLS connections opened by the watcher', '8', '7', '', 'over the budget'],
    ['history events', '60', '80', '60', 'within the aim'],
    ['memory of the worker (RSS), made', '350 MB', '350 MB', '', 'within the aim'],
    ['memory of the watcher (RSS), started', '201 MB', '200 MB', '', 'over the budget'],
    ['one node beside 2000 broken ones', '401 ms', '400 ms', '', 'over the budget'],
  ])('judges %s by its budgets', (what, ours, must, aim, verdict) => {
    const row = tableOf(results)
      .split('\n')
      .find((line) => line.startsWith(`| ${what}`));
    const cells = row?.split('|').map((cell) => cell.trim());
    expect(cells?.[3]).toMatch(new RegExp(`^${ours}\\b`));
    expect(cells?.slice(4, 7)).toEqual([must, aim, verdict]);
  });

  it('leaves out what was not measured', () => {
    const { machine, options, besideBroken } = results;
    const alone = tableOf({
      machine,
      options,
      latency: undefined,
      footprint: undefined,
      besideForeign: undefined,
      besideBroken,
    });
    expect(alone.split('\n')).toHaveLength(2 + 3);
    expect(alone).toContain('2.0 × usual');
  });

  it('names the floor of the same run beside each latency', () => {
    expect(tableOf(results)).toMatch(/\| one node.*\| 50 ms .*\| 199 ms .*4\.0 × floor/);
  });
});
