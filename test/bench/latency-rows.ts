import type { BringUp } from './bring-up.ts';
import {
  bringUpBudget,
  cpuBudget,
  latencyBudget,
  operatorMemoryBudget,
  stampedBudget,
} from './budgets.ts';
import { cpuText, cpuTotal } from './cpu-seconds.ts';
import type { Latency } from './latency.ts';
import type { Row } from './row.ts';
import { duration, judgedRow, megabytes, ratioRow, spreadText } from './row.ts';
import type { Comparison } from './side-by-side.ts';

export function latencyRows({ comparisons, residentBytes }: Latency): readonly Row[] {
  const { worker, watcher } = residentBytes;
  const largest = comparisons.at(-1)?.nodes ?? 0;
  const memory = { value: worker + watcher, budget: operatorMemoryBudget(largest) };
  return [
    ...comparisons.map(latencyRow),
    ...comparisons.filter(({ nodes }) => nodes > 1).map(stampedRow),
    ...comparisons.map(cpuRow),
    ['memory of the worker (RSS)', '', megabytes(worker), '', '', ''],
    ['memory of the watcher (RSS)', '', megabytes(watcher), '', '', ''],
    judgedRow({ what: `memory of both (RSS) after ${largest} at once`, ...memory }, megabytes),
  ];
}

export function bringUpRow(bringUp: BringUp): Row {
  const what = `bring-up of ${bringUp.nodes} nodes at once`;
  return ratioRow(what, { ...bringUp, floorName: 'floor' }, bringUpBudget(bringUp));
}

/** Says which processes the CPU seconds of the largest fleet are of. */
export function cpuNotes({ comparisons }: Latency): readonly string[] {
  return comparisons
    .slice(-1)
    .flatMap(({ nodes, cpu }) => [
      `CPU seconds of each of ${nodes} at once, ours: ${cpuText(cpu.ours)}.`,
      `By hand: ${cpuText(cpu.floor)}.`,
    ]);
}

function latencyRow(comparison: Comparison): Row {
  const { nodes, floor, ours } = comparison;
  const what =
    nodes === 1
      ? 'one node, image changed until UpdateComplete'
      : `${nodes} nodes at once, until all are complete`;
  return ratioRow(what, { floor, ours, floorName: 'floor' }, latencyBudget(comparison));
}

function stampedRow({ nodes, stamped }: Comparison): Row {
  return judgedRow(
    {
      what: `${nodes} nodes at once, until the last image is on status`,
      value: stamped.median,
      ours: spreadText(stamped),
      budget: stampedBudget(nodes),
    },
    duration,
  );
}

function cpuRow({ nodes, cpu }: Comparison): Row {
  return judgedRow(
    {
      what: nodes === 1 ? 'CPU of one node' : `CPU of each of ${nodes} at once`,
      floor: cpuSeconds(cpuTotal(cpu.floor)),
      value: cpuTotal(cpu.ours),
      budget: cpuBudget(nodes),
    },
    cpuSeconds,
  );
}

function cpuSeconds(value: number): string {
  return `${value.toFixed(2)} s`;
}
