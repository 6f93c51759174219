import type { BesideBroken } from './beside-broken.ts';
import type { BesideForeign } from './beside-foreign.ts';
import type { Budget } from './budgets.ts';
import {
  besideBrokenBudget,
  connectionBudget,
  EVENTS_OF_AN_UPDATE,
  latencyBudget,
  memoryBudget,
  REQUESTS_OF_AN_UPDATE,
  verdictOn,
} from './budgets.ts';
import type { Footprint } from './footprint.ts';
import type { ProcessValues } from './process-memory.ts';
import type { BenchResults } from './results.ts';
import type { Comparison } from './side-by-side.ts';
import type { Spread } from './spread.ts';

/** What, floor, ours, must, aim, verdict. */
type Row = readonly [string, string, string, string, string, string];

const HEAD: Row = ['what', 'floor', 'ours', 'must', 'aim', ''];

/** Renders a Markdown table of the results beside their budgets. */
export function tableOf(results: BenchResults): string {
  const { latency, footprint, besideForeign, besideBroken } = results;
  const rows = [
    ...(latency ? latency.comparisons.map(latencyRow) : []),
    ...(footprint ? footprintRows(footprint) : []),
    ...(latency ? memoryRows(latency.residentBytes) : []),
    ...(besideForeign ? foreignRows(besideForeign) : []),
    ...(besideBroken ? brokenRows(besideBroken) : []),
  ];
  return [HEAD, HEAD.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function latencyRow(comparison: Comparison): Row {
  const { nodes, floor, ours } = comparison;
  const rounds = `median of ${ours.values.length} (min to max)`;
  const what =
    nodes === 1
      ? `one node, image changed until UpdateComplete, ${rounds}`
      : `${nodes} nodes at once, until all are complete, ${rounds}`;
  const budget = latencyBudget(comparison);
  const ratio = `${(ours.median / floor.median).toFixed(1)} × floor`;
  return [
    what,
    spreadText(floor),
    `${spreadText(ours)}, ${ratio}`,
    duration(budget.must),
    budget.aim === undefined ? '' : duration(budget.aim),
    verdictOn(ours.median, budget),
  ];
}

function footprintRows(footprint: Footprint): readonly Row[] {
  const { connections, watches, fleet } = footprint;
  return [
    countRow('API requests of one update', footprint.requestsAlone, REQUESTS_OF_AN_UPDATE),
    countRow(
      `API requests of each of ${fleet} updates at once`,
      footprint.requestsAtOnce,
      REQUESTS_OF_AN_UPDATE,
    ),
    countRow(
      'TLS connections opened by the worker',
      connections.worker,
      connectionBudget(watches.worker),
    ),
    countRow(
      'TLS connections opened by the watcher',
      connections.watcher,
      connectionBudget(watches.watcher),
    ),
    countRow('history events of one update', footprint.historyEvents, EVENTS_OF_AN_UPDATE),
  ];
}

function memoryRows({ worker, watcher }: ProcessValues): readonly Row[] {
  return [
    ['memory of the worker (RSS)', '', megabytes(worker), '', '', ''],
    ['memory of the watcher (RSS)', '', megabytes(watcher), '', '', ''],
  ];
}

function foreignRows(besideForeign: BesideForeign): readonly Row[] {
  const { configMaps, statefulSets, normal, watched, started } = besideForeign;
  const objects = `${configMaps} ConfigMaps of 1 MB and ${statefulSets} StatefulSets of others`;
  return (['worker', 'watcher'] as const).flatMap((role) => [
    memoryRow(
      `memory of the ${role} (RSS), made meanwhile: ${objects}`,
      normal[role],
      watched[role],
    ),
    memoryRow(`memory of the ${role} (RSS), started beside them`, normal[role], started[role]),
  ]);
}

function brokenRows({ broken, usual, beside, memory }: BesideBroken): readonly Row[] {
  const budget = besideBrokenBudget(usual.median);
  const ratio = `${(beside.median / usual.median).toFixed(1)} × usual`;
  return [
    [
      `one node beside ${broken} broken ones of another namespace, median of ${beside.values.length} (min to max)`,
      spreadText(usual),
      `${spreadText(beside)}, ${ratio}`,
      duration(budget.must),
      '',
      verdictOn(beside.median, budget),
    ],
    ...(['worker', 'watcher'] as const).map((role): Row => [
      `memory of the ${role} (RSS) beside them`,
      megabytes(memory.usual[role]),
      megabytes(memory.beside[role]),
      '',
      '',
      '',
    ]),
  ];
}

function memoryRow(what: string, normal: number, value: number): Row {
  const budget = memoryBudget(normal);
  const must = megabytes(budget.must);
  return [what, megabytes(normal), megabytes(value), must, '', verdictOn(value, budget)];
}

function countRow(what: string, value: number, budget: Budget): Row {
  const aim = budget.aim === undefined ? '' : String(budget.aim);
  return [what, '', round(value), String(budget.must), aim, verdictOn(value, budget)];
}

function spreadText({ median, min, max }: Spread): string {
  return `${duration(median)} (${duration(min)} to ${duration(max)})`;
}

function duration(milliseconds: number): string {
  return milliseconds < 1_000
    ? `${milliseconds.toFixed(0)} ms`
    : `${(milliseconds / 1_000).toFixed(1)} s`;
}

function round(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(0)} MB`;
}
