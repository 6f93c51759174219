import type { BesideResting } from './beside-resting.ts';
import type { Row } from './row.ts';
import { duration, judgedRow, megabytes, ratioRow } from './row.ts';
import type { Scale } from './scale.ts';

/** Nobody has set budgets for these. */
export function scaleRows({ nodes, bringUp, update, memory }: Scale): readonly Row[] {
  return [
    time(`bring-up of ${nodes} nodes by two workers`, bringUp.time),
    time('longest gap of the watcher meanwhile', bringUp.watcherGap),
    time(`image change of all ${nodes}, one worker killed in the middle`, update.time),
    time('longest gap of the watcher meanwhile', update.watcherGap),
    bytes('memory of the worker that is left (RSS)', memory.worker),
    bytes(`memory of the watcher of ${nodes} nodes (RSS)`, memory.watcher),
  ];
}

export function restingRows({ nodes, resting, usual, beside }: BesideResting): readonly Row[] {
  const floor = { floor: usual.times, ours: beside.times, floorName: 'usual' };
  return [
    ratioRow(`${nodes} nodes at once beside ${resting} at rest`, floor, undefined),
    time('longest gap of the watcher meanwhile', beside.watcherGap, usual.watcherGap),
    bytes(
      'memory of the worker beside those at rest (RSS)',
      beside.memory.worker,
      usual.memory.worker,
    ),
    bytes(
      'memory of the watcher beside those at rest (RSS)',
      beside.memory.watcher,
      usual.memory.watcher,
    ),
  ];
}

function time(what: string, value: number, usual?: number): Row {
  return unjudgedRow(what, value, usual, duration);
}

function bytes(what: string, value: number, usual?: number): Row {
  return unjudgedRow(what, value, usual, megabytes);
}

function unjudgedRow(
  what: string,
  value: number,
  usual: number | undefined,
  write: (value: number) => string,
): Row {
  const floor = usual === undefined ? '' : write(usual);
  return judgedRow({ what, floor, value, budget: undefined }, write);
}
