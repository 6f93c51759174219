import { describe, expect, it } from 'vitest';

import { readBenchOptions } from './options.ts';
import type { BenchResults } from './results.ts';
import { spreadOf } from './spread.ts';
import { notesOn, tableOf } from './table.ts';

const results: BenchResults = {
  machine: { cpu: 'test', cores: 2, node: 'v24' },
  options: readBenchOptions(['--nodes', '1,100', '--rounds', '1']),
  latency: {
    comparisons: [
      {
        nodes: 1,
        floor: spreadOf([100]),
        ours: spreadOf([169]),
        stamped: spreadOf([120]),
        cpu: { floor: { etcd: 0.1 }, ours: { etcd: 0.1, worker: 0.2 } },
      },
      {
        nodes: 100,
        floor: spreadOf([4_000]),
        ours: spreadOf([12_001]),
        stamped: spreadOf([7_000]),
        cpu: {
          floor: { 'kube-apiserver': 0.09, 'kwok-controller': 0.03 },
          ours: { 'kube-apiserver': 0.1, worker: 0.18, benchmark: 0.04 },
        },
      },
    ],
    residentBytes: { worker: 300_000_000, watcher: 150_000_001 },
  },
  bringUp: [{ nodes: 100, floor: spreadOf([10_000]), ours: spreadOf([25_000, 30_000]) }],
  footprint: {
    requestsAlone: 9,
    requestsAtOnce: 9.1,
    fleet: 20,
    connections: { worker: 7, watcher: 8 },
    watches: { worker: 3, watcher: 3 },
    historyEvents: 30,
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
  scale: {
    nodes: 1_000,
    bringUp: { time: 400_000, watcherGap: 900 },
    update: { time: 300_000, watcherGap: 1_200 },
    memory: { worker: 600_000_000, watcher: 300_000_000 },
  },
  besideResting: {
    nodes: 100,
    resting: 10_000,
    usual: {
      times: spreadOf([10_000]),
      watcherGap: 50,
      memory: { worker: 300_000_000, watcher: 150_000_000 },
    },
    beside: {
      times: spreadOf([12_000]),
      watcherGap: 70,
      memory: { worker: 400_000_000, watcher: 250_000_000 },
    },
  },
};

describe('the table of results', () => {
  it.each([
    ['one node', '169 ms', '250 ms', '170 ms', 'within the aim'],
    ['100 nodes at once, until all', '12.0 s', '12.0 s', '8.0 s', 'over the budget'],
    ['100 nodes at once, until the last image', '7.0 s', '9.8 s', '6.5 s', 'within the budget'],
    ['CPU of one node', '0.30 s', '', '', ''],
    ['CPU of each of 100', '0.28 s', '0.27 s', '0.18 s', 'over the budget'],
    ['memory of both (RSS) after 100', '450 MB', '450 MB', '350 MB', 'over the budget'],
    ['bring-up of 100 nodes', '27.5 s', '30.0 s', '20.0 s', 'within the budget'],
    ['API requests of one update', '9', '9', '7', 'within the budget'],
    ['API requests of each of 20', '9.1', '9', '7', 'over the budget'],
    ['TLS connections opened by the worker', '7', '7', '', 'within the budget'],
    ['TLS connections opened by the watcher', '8', '7', '', 'over the budget'],
    ['history events', '30', '45', '30', 'within the aim'],
    ['memory of the worker (RSS), made', '350 MB', '350 MB', '', 'within the budget'],
    ['memory of the watcher (RSS), started', '201 MB', '200 MB', '', 'over the budget'],
    ['bring-up of 1000 nodes', '400.0 s', '', '', ''],
    ['memory of the watcher of 1000', '300 MB', '', '', ''],
    ['100 nodes at once beside 10000 at rest', '12.0 s', '', '', ''],
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
      bringUp: undefined,
      footprint: undefined,
      besideForeign: undefined,
      besideBroken,
      scale: undefined,
      besideResting: undefined,
    });
    expect(alone.split('\n')).toHaveLength(2 + 3);
    expect(alone).toContain('2.0 × usual');
  });

  it('names the floor of the same run beside each latency', () => {
    expect(tableOf(results)).toMatch(/\| one node.*\| 100 ms .*\| 169 ms .*1\.7 × floor/);
    expect(tableOf(results)).toMatch(/\| CPU of each of 100.*\| 0\.09 s +\| 0\.28 s/);
  });

  it('has the processes of the CPU seconds below it, of the largest fleet', () => {
    expect(notesOn(results)).toEqual([
      'CPU seconds of each of 100 at once, ours: worker 0.180, kube-apiserver 0.100, benchmark 0.040 (not counted).',
      'By hand: kube-apiserver 0.090, kwok-controller 0.030 (not counted).',
    ]);
  });
});
