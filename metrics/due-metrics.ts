import type { Registry } from 'prom-client';
import { Gauge, Histogram } from 'prom-client';

import type { ObjectKey } from '../domain/node/node-ref.ts';
import { keyOf } from '../domain/node/node-ref.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import type { DueWork } from '../domain/work/due-work.ts';
import type { DuePeriod } from './due-period.ts';
import { isFirstWrite, periodAfter } from './due-period.ts';
import { WORK_KINDS } from './work-kinds.ts';

export interface DueMetrics {
  /** Called when the watcher has decided what is due of the node. */
  decided(node: SeiNode, due: DueWork): void;
  /** Called when the watch shows the node. */
  seen(node: SeiNode): void;
  gone(node: ObjectKey): void;
  /** Called when this process stops deciding: another watcher leads, or none. */
  stopped(): void;
}

/** Seconds: a start of a run takes a few round trips; a minute is an outage of the workers. */
const FIRST_WRITE_BUCKETS = [0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5, 15, 60, 300];
const DUE_BUCKETS = [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 7_200, 28_800];

/**
 * Measures what is due of the nodes and for how long, on the clock of the watcher: a new watcher starts counting at
 * zero, and nodes that are held or have failed do not wait for us.
 */
export function createDueMetrics(
  registry: Registry,
  now: () => number = () => performance.now(),
): DueMetrics {
  const registers = [registry];
  const kinds = new Map<string, DueWork['kind']>();
  const periods = new Map<string, DuePeriod>();

  new Gauge({
    name: 'seinode_nodes',
    help: 'Nodes, by what is due of them.',
    labelNames: ['due'],
    registers,
    collect() {
      this.reset();
      for (const due of kinds.values()) this.inc({ due });
    },
  });
  new Gauge({
    name: 'seinode_due_oldest_seconds',
    help: 'How long work has been due of the node that it has been due of for longest.',
    labelNames: ['work'],
    registers,
    collect() {
      setOldest(this, [...periods.values()], now());
    },
  });
  new Gauge({
    name: 'seinode_unbegun_oldest_seconds',
    help: 'The same of the nodes whose run has not written anything yet.',
    labelNames: ['work'],
    registers,
    collect() {
      const unbegun = [...periods.values()].filter(({ unwritten }) => unwritten !== undefined);
      setOldest(this, unbegun, now());
    },
  });
  const firstWrite = new Histogram({
    name: 'seinode_first_write_seconds',
    help: 'From the decision that work is due until the watch shows the first write of its run.',
    labelNames: ['work'],
    buckets: FIRST_WRITE_BUCKETS,
    registers,
  });
  const duration = new Histogram({
    name: 'seinode_due_seconds',
    help: 'From when work became due of a node until none was due any more.',
    labelNames: ['work'],
    buckets: DUE_BUCKETS,
    registers,
  });
  // Creates each series at zero, because a rate needs a start.
  for (const work of WORK_KINDS) {
    firstWrite.zero({ work });
    duration.zero({ work });
  }

  function seen(node: SeiNode): void {
    const key = keyOf(node.metadata);
    const period = periods.get(key);
    if (period === undefined || !isFirstWrite(period, node)) return;
    firstWrite.observe({ work: period.work }, (now() - period.since) / 1_000);
    periods.set(key, { ...period, unwritten: undefined });
  }

  return {
    seen,
    decided: (node, due) => {
      const key = keyOf(node.metadata);
      seen(node);
      const before = periods.get(key);
      const after = periodAfter(before, node, due, now());
      kinds.set(key, due.kind);
      if (after !== undefined) {
        periods.set(key, after);
        return;
      }
      periods.delete(key);
      if (before !== undefined && due.kind === 'nothing') {
        duration.observe({ work: before.work }, (now() - before.since) / 1_000);
      }
    },
    gone: (node) => {
      kinds.delete(keyOf(node));
      periods.delete(keyOf(node));
    },
    stopped: () => {
      kinds.clear();
      periods.clear();
    },
  };
}

function setOldest(gauge: Gauge<'work'>, periods: readonly DuePeriod[], now: number): void {
  gauge.reset();
  const oldest = new Map<string, number>();
  for (const { work, since } of periods) {
    oldest.set(work, Math.min(since, oldest.get(work) ?? Infinity));
  }
  for (const [work, since] of oldest) gauge.set({ work }, (now - since) / 1_000);
}
