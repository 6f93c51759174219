import type { Comparison } from './side-by-side.ts';

/** The most that something may take, and the aim: both of docs/design.md. */
export interface Budget {
  readonly must: number;
  /** Undefined where design.md names none. */
  readonly aim: number | undefined;
}

/** Returns milliseconds: the floor is that of the same run. */
export function latencyBudget({ nodes, floor }: Comparison): Budget {
  return nodes === 1
    ? { must: floor.median + 250, aim: floor.median + 150 }
    : { must: 3 * floor.median, aim: 1.5 * floor.median };
}

export const REQUESTS_OF_AN_UPDATE: Budget = { must: 16, aim: 10 };

export const EVENTS_OF_AN_UPDATE: Budget = { must: 80, aim: 60 };

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
  return value <= (aim ?? must) ? 'within the aim' : 'within the budget';
}
