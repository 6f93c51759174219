import type { BringUp } from './bring-up.ts';
import type { Comparison } from './side-by-side.ts';

/** The most that something may take, and the aim. */
export interface Budget {
  readonly must: number;
  /** Undefined where nobody has set one. */
  readonly aim: number | undefined;
}

/** The fleet of which the budgets of processors and memory are. */
const FLEET = 100;

/** Returns milliseconds: the floor is that of the same run. */
export function latencyBudget({ nodes, floor }: Comparison): Budget {
  return nodes === 1
    ? { must: 2.5 * floor.median, aim: 1.7 * floor.median }
    : { must: 3 * floor.median, aim: 2 * floor.median };
}

/** Returns milliseconds: the floor is that of the same run. */
export function bringUpBudget({ floor }: BringUp): Budget {
  return { must: 3 * floor.median, aim: 2 * floor.median };
}

/**
 * The milliseconds in which the original Go operator had changed the last of so many images, measured once on another
 * machine of two cores: a comparison with it holds only on such a machine.
 */
const STAMPED_BY_THE_ORIGINAL: Readonly<Record<number, number>> = { 20: 3_400, 100: 19_600 };

/** Returns milliseconds until the last image is on status; undefined where the original was not measured. */
export function stampedBudget(nodes: number): Budget | undefined {
  const original = STAMPED_BY_THE_ORIGINAL[nodes];
  return original === undefined ? undefined : { must: original / 2, aim: original / 3 };
}

/** Returns the seconds of a processor for each of so many rolls at once. */
export function cpuBudget(nodes: number): Budget | undefined {
  return nodes === FLEET ? { must: 0.27, aim: 0.18 } : undefined;
}

/** Returns bytes of worker and watcher together, after so many rolls at once. */
export function operatorMemoryBudget(nodes: number): Budget | undefined {
  return nodes === FLEET ? { must: 450_000_000, aim: 350_000_000 } : undefined;
}

export const REQUESTS_OF_AN_UPDATE: Budget = { must: 9, aim: 7 };

export const EVENTS_OF_AN_UPDATE: Budget = { must: 45, aim: 30 };

/** Returns the budget of one process. */
export function connectionBudget(watches: number): Budget {
  return { must: watches + 4, aim: undefined };
}

/** Returns bytes, beside objects of others: their number and size do not matter. */
export function memoryBudget(normal: number): Budget {
  return { must: normal + 50_000_000, aim: undefined };
}

/** Returns milliseconds, beside broken nodes of another namespace: the usual time is that of the same run. */
export function besideBrokenBudget(usual: number): Budget {
  return { must: 2 * usual, aim: undefined };
}

export type Verdict = 'within the aim' | 'within the budget' | 'over the budget';

export function verdictOn(value: number, { must, aim }: Budget): Verdict {
  if (value > must) return 'over the budget';
  return aim !== undefined && value <= aim ? 'within the aim' : 'within the budget';
}
