import type { Budget } from './budgets.ts';
import { verdictOn } from './budgets.ts';
import type { Spread } from './spread.ts';

/** What, floor, ours, must, aim, verdict. */
export type Row = readonly [string, string, string, string, string, string];

export interface Measured {
  readonly what: string;
  /** Empty where there is none. */
  readonly floor?: string;
  readonly value: number;
  /** The value as people read it; by default as its budget is written. */
  readonly ours?: string;
  /** Undefined for something that is measured only. */
  readonly budget: Budget | undefined;
}

/** Returns the row of a value beside its budget. @param write writes such a value, with its unit */
export function judgedRow(
  { what, floor = '', value, ours, budget }: Measured,
  write: (value: number) => string,
): Row {
  return [
    what,
    floor,
    ours ?? write(value),
    budget === undefined ? '' : write(budget.must),
    budget?.aim === undefined ? '' : write(budget.aim),
    budget === undefined ? '' : verdictOn(value, budget),
  ];
}

/** Returns the row of a time beside its floor, with their ratio. @param floorName reads like `floor` */
export function ratioRow(
  what: string,
  {
    floor,
    ours,
    floorName,
  }: { readonly floor: Spread; readonly ours: Spread; readonly floorName: string },
  budget: Budget | undefined,
): Row {
  const ratio = (ours.median / floor.median).toFixed(1);
  return judgedRow(
    {
      what: `${what}, median of ${ours.values.length} (min to max)`,
      floor: spreadText(floor),
      value: ours.median,
      ours: `${spreadText(ours)}, ${ratio} × ${floorName}`,
      budget,
    },
    duration,
  );
}

/** Writes a spread of milliseconds. */
export function spreadText({ median, min, max }: Spread): string {
  return `${duration(median)} (${duration(min)} to ${duration(max)})`;
}

/** @param milliseconds are written as seconds from one on */
export function duration(milliseconds: number): string {
  return milliseconds < 1_000
    ? `${milliseconds.toFixed(0)} ms`
    : `${(milliseconds / 1_000).toFixed(1)} s`;
}

export function count(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(0)} MB`;
}
