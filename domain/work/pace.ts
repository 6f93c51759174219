/**
 * Decides how soon the same work may run again. Pure; the clock is the workflow's.
 *
 * Work that has to be done once more although nothing has changed shows a disagreement: of the watcher with
 * the worker, of two workers, of the operator with a webhook. No single step of it fails, so no retry
 * policy slows it down; this file does.
 */
/** The second repeat waits this long: longer than any cache lags when all is well. */
const FIRST_PAUSE_SECONDS = 10;
/** The longest wait; it bounds a day of disagreement to some 150 rounds, and a fixed node waits no longer. */
const LONGEST_PAUSE_SECONDS = 600;
/** Anything further back is another story: no repeat reaches it, even after the longest wait. */
export const FORGET_AFTER_SECONDS = 2 * LONGEST_PAUSE_SECONDS;
/** A pod that comes up may well show a few troubles one after the other. */
const FLIPS_AT_ONCE = 3;
/** A disagreement reports few different things; one that reports more is slowed down with them. */
const MOST_REPORTS = 10;

export interface Pace {
  /** The newest generation of the spec with which an attempt has begun: a signal's claim is not enough. */
  readonly generation: number;
  /** The kinds of work that have begun a round since the last progress. */
  readonly kinds: readonly string[];
  /** The number of rounds, and turns within them, that were repeats since then. */
  readonly repeats: number;
  /** The number of these repeats that were turns within a round. */
  readonly turns: number;
  /** The time at which the last of them began, or will begin. Milliseconds since the epoch. */
  readonly lastAtMs: number;
  /** The watcher's reports since the spec changed: a disagreement reports the same few things over and over. */
  readonly told: readonly string[];
  /** The number of changes of the trouble that blocks the pod, and the time of the last. */
  readonly flips: Flips;
  /** The parties that disagree, as far as the last round showed; for the condition. */
  readonly why: string | undefined;
}

interface Flips {
  readonly count: number;
  readonly lastAtMs: number;
}

export const FRESH_PACE: Pace = {
  generation: 0,
  kinds: [],
  repeats: 0,
  turns: 0,
  lastAtMs: 0,
  told: [],
  flips: { count: 0, lastAtMs: 0 },
  why: undefined,
};

/**
 * Returns how long a repeat waits, counted from the start of the work that it repeats. The first comes at
 * once: it may have been a race, or a second defect that the first had hidden.
 *
 * @param repeats the number of repeats including this one, at least 1.
 */
function pauseSeconds(repeats: number): number {
  return repeats <= 1
    ? 0
    : Math.min(FIRST_PAUSE_SECONDS * 2 ** (repeats - 2), LONGEST_PAUSE_SECONDS);
}

/**
 * Returns the pace once another round begins, at `lastAtMs` and no sooner.
 *
 * @param round the kind of work by its name; `turn` for a repetition within a round.
 */
export function withRound(pace: Pace, round: string, nowMs: number): Pace {
  // A full history cut its wait short: the round that begins now is the same one.
  if (pace.lastAtMs > nowMs) return pace;
  const isForgotten = nowMs - pace.lastAtMs > FORGET_AFTER_SECONDS * 1_000;
  const { repeats, turns, kinds } = isForgotten ? FRESH_PACE : pace;
  if (round !== 'turn' && !kinds.includes(round)) {
    return { ...pace, repeats, turns, kinds: [...kinds, round], lastAtMs: nowMs };
  }
  // A pod that was lost once, and then a StatefulSet that was deleted once, are two races and no disagreement.
  const isOtherThanFirst = repeats === 1 && turns === (round === 'turn' ? 0 : 1);
  const pauseMs = isOtherThanFirst ? 0 : pauseSeconds(repeats + 1) * 1_000;
  const lastAtMs = isForgotten ? nowMs : Math.max(nowMs, pace.lastAtMs + pauseMs);
  return {
    ...pace,
    repeats: repeats + 1,
    turns: round === 'turn' ? turns + 1 : turns,
    kinds,
    lastAtMs,
  };
}

/**
 * Bounds the pace that a run was handed. Whoever started the run made up a time further ahead than any
 * wait, and the run would wait for it.
 */
export function boundedPace(pace: Pace, nowMs: number): Pace {
  const latestMs = nowMs + LONGEST_PAUSE_SECONDS * 1_000;
  const { flips, lastAtMs } = pace;
  return {
    ...pace,
    lastAtMs: Math.min(lastAtMs, latestMs),
    flips: { ...flips, lastAtMs: Math.min(flips.lastAtMs, latestMs) },
  };
}

/** Returns the pace after progress: a newer spec, a command, a new report about the node's surroundings. */
export function withProgress(pace: Pace): Pace {
  const { flips } = FRESH_PACE;
  return { ...pace, kinds: [], repeats: 0, turns: 0, lastAtMs: 0, flips, why: undefined };
}

/** Returns the pace once an attempt has begun with this generation of the spec. */
export function withGeneration(pace: Pace, generation: number): Pace {
  if (generation <= pace.generation) return pace;
  // The first known generation is not newer than any other.
  if (pace.generation === 0) return { ...pace, generation };
  // This very round brings the progress: it counts as the first of its kind.
  const { told, flips, why } = FRESH_PACE;
  return {
    ...pace,
    generation,
    kinds: pace.kinds.slice(-1),
    repeats: 0,
    turns: 0,
    told,
    flips,
    why,
  };
}

/** Returns whether the watcher reports something that it has not reported before. */
export function isNews(pace: Pace, report: string): boolean {
  return pace.told.length < MOST_REPORTS && !pace.told.includes(report);
}

export function withReport(pace: Pace, report: string): Pace {
  return isNews(pace, report) ? { ...pace, told: [...pace.told, report] } : pace;
}

/**
 * Returns the pace of a run that the watcher started for the same work as earlier runs, which have closed
 * and taken their memory with them.
 *
 * @param runs the number of earlier runs.
 */
export function withRunsBefore(
  pace: Pace,
  { kind, runs, why }: { readonly kind: string; readonly runs: number; readonly why: string },
  nowMs: number,
): Pace {
  if (runs <= 0) return pace;
  return { ...pace, kinds: [kind], repeats: runs - 1, turns: 0, lastAtMs: nowMs, why };
}

/**
 * Returns the pace after a report that something else, or nothing, blocks the pod. A crash loop goes on for
 * days; each report is an event of the history and a write, so they become ever rarer.
 */
export function withFlip(pace: Pace, nowMs: number): Pace {
  const { count, lastAtMs } = pace.flips;
  const isForgotten = nowMs - lastAtMs > FORGET_AFTER_SECONDS * 1_000;
  return { ...pace, flips: { count: isForgotten ? 1 : count + 1, lastAtMs: nowMs } };
}

/** Returns the time before which the next change is not worth a report. Milliseconds since the epoch. */
export function nextFlipAtMs({ flips }: Pace): number {
  return flips.lastAtMs + pauseSeconds(Math.max(1, flips.count - FLIPS_AT_ONCE)) * 1_000;
}
