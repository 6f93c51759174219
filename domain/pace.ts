/**
 * How fast work may come round again. Pure; the times are the workflow's.
 *
 * Work that is to be done once more although nothing has changed is a disagreement: of the watcher with
 * the worker, of two workers, of the operator with a webhook. No single step of it fails, so no retry
 * policy slows it down; this does.
 */
import type { WorkKind } from './due-work.ts';

/** The second repeat waits this long: longer than any cache is behind when all is well. */
const FIRST_PAUSE_SECONDS = 10;
/** The longest; it bounds a day of disagreement to some 150 rounds, and a mended node waits no longer. */
const LONGEST_PAUSE_SECONDS = 600;
/** What lies further back than this is another story: at the longest pause it is reached by no repeat. */
export const FORGET_AFTER_SECONDS = 2 * LONGEST_PAUSE_SECONDS;
/** A pod that comes up may well show a few troubles one after the other. */
const FLIPS_AT_ONCE = 3;
/** A disagreement has few things to say; one that has more is slowed down with them. */
const MOST_TOLD = 10;

export interface Pace {
  /** The newest generation of the spec that an attempt has begun with: what signals claim is not enough. */
  readonly generation: number;
  /** The kinds of work of which a round has begun since there was progress. */
  readonly kinds: readonly WorkKind[];
  /** How many rounds, and turns within them, were repeats since then. */
  readonly repeats: number;
  /** How many of these repeats were turns within a round. */
  readonly turns: number;
  /** When the last of them began, or is to begin. Milliseconds since the epoch. */
  readonly lastAtMs: number;
  /** What the watcher has told since the spec changed: a fight tells the same few things over and over. */
  readonly told: readonly string[];
  /** How often what holds the pod back has changed, and when it did last. */
  readonly flips: Flips;
  /** Who disagrees, as far as the last round showed; for the condition. */
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
 * For how long a repeat waits, counted from the beginning of what it repeats. The first comes at once:
 * it may have been a race, or a second defect that the first had hidden.
 *
 * @param repeats how many there were with this one, at least 1.
 */
function pauseSeconds(repeats: number): number {
  return repeats <= 1
    ? 0
    : Math.min(FIRST_PAUSE_SECONDS * 2 ** (repeats - 2), LONGEST_PAUSE_SECONDS);
}

/**
 * The pace once another round begins, at `lastAtMs` and no sooner.
 *
 * @param round the kind of work; `turn` for a repetition within a round.
 */
export function withRound(pace: Pace, round: WorkKind | 'turn', nowMs: number): Pace {
  // Its pause was cut short, by a history that was full: it is the same round that begins now.
  if (pace.lastAtMs > nowMs) return pace;
  const isForgotten = nowMs - pace.lastAtMs > FORGET_AFTER_SECONDS * 1_000;
  const { repeats, turns, kinds } = isForgotten ? FRESH_PACE : pace;
  if (round !== 'turn' && !kinds.includes(round)) {
    return { ...pace, repeats, turns, kinds: [...kinds, round], lastAtMs: nowMs };
  }
  // A pod that was lost once, and then a StatefulSet that was deleted once, are two races and no fight.
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
 * The pace that a run was handed. A time further ahead than any pause is made up, by whoever started the run,
 * and would be waited for.
 */
export function handedPace(pace: Pace, nowMs: number): Pace {
  const latestMs = nowMs + LONGEST_PAUSE_SECONDS * 1_000;
  const { flips, lastAtMs } = pace;
  return {
    ...pace,
    lastAtMs: Math.min(lastAtMs, latestMs),
    flips: { ...flips, lastAtMs: Math.min(flips.lastAtMs, latestMs) },
  };
}

/** The pace after progress: a newer spec, a command, news of what surrounds the node. */
export function withProgress(pace: Pace): Pace {
  const { flips } = FRESH_PACE;
  return { ...pace, kinds: [], repeats: 0, turns: 0, lastAtMs: 0, flips, why: undefined };
}

/** The pace once an attempt has begun with this generation of the spec. */
export function withGeneration(pace: Pace, generation: number): Pace {
  if (generation <= pace.generation) return pace;
  // The first that is known is not newer than any.
  if (pace.generation === 0) return { ...pace, generation };
  // What this very round has begun with is the progress: it counts as the first of its kind.
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

/** Whether the watcher has told something that it had not told before. */
export function isNews(pace: Pace, told: string): boolean {
  return pace.told.length < MOST_TOLD && !pace.told.includes(told);
}

export function withTold(pace: Pace, told: string): Pace {
  return isNews(pace, told) ? { ...pace, told: [...pace.told, told] } : pace;
}

/**
 * The pace of a run that the watcher started for the same work as runs before it, which have closed
 * and taken their memory with them.
 *
 * @param runs how many there were.
 */
export function withRunsBefore(
  pace: Pace,
  { kind, runs, why }: { readonly kind: WorkKind; readonly runs: number; readonly why: string },
  nowMs: number,
): Pace {
  if (runs <= 0) return pace;
  return { ...pace, kinds: [kind], repeats: runs - 1, turns: 0, lastAtMs: nowMs, why };
}

/**
 * The pace once it is said that something else, or nothing, holds the pod back. A crash loop goes on for
 * days; each change is an event of the history and a write, so they are said ever more seldom.
 */
export function withFlip(pace: Pace, nowMs: number): Pace {
  const { count, lastAtMs } = pace.flips;
  const isForgotten = nowMs - lastAtMs > FORGET_AFTER_SECONDS * 1_000;
  return { ...pace, flips: { count: isForgotten ? 1 : count + 1, lastAtMs: nowMs } };
}

/** Until when the next change is not worth to be said. Milliseconds since the epoch. */
export function nextFlipAtMs({ flips }: Pace): number {
  return flips.lastAtMs + pauseSeconds(Math.max(1, flips.count - FLIPS_AT_ONCE)) * 1_000;
}
