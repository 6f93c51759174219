import type { Pace } from '../domain/work/pace.ts';
import {
  FRESH_PACE,
  boundedPace,
  isNews,
  nextFlipAtMs,
  withFlip,
  withGeneration,
  withProgress,
  withRound,
  withRunsBefore,
  withReport,
} from '../domain/work/pace.ts';

/** Paces the rounds of a run; see `domain/work/pace.ts`. */
export class Pacing {
  #pace: Pace;
  #news = 0;

  constructor(carried: Pace = FRESH_PACE) {
    this.#pace = boundedPace(carried, Date.now());
  }

  /** For the run that goes on. */
  get state(): Pace {
    return this.#pace;
  }

  /** Counts the events that end a pause before its time. */
  get news(): number {
    return this.#news;
  }

  /** Notes who disagrees if the next round repeats this one; undefined if status says it already. */
  blame(why: string | undefined): void {
    this.#pace = { ...this.#pace, why };
  }

  /** Notes that somebody steered the run. */
  steered(): void {
    this.#pace = withProgress(this.#pace);
    this.#news += 1;
  }

  /** Notes that the run has nothing more to do until something happens. */
  settled(): void {
    this.#pace = withProgress(this.#pace);
  }

  /** Notes that an attempt has begun with this generation of the spec. */
  begun(generation: number): void {
    this.#pace = withGeneration(this.#pace, generation);
  }

  /**
   * Notes a report of the watcher. A report that nothing is due ends a pause, too, but is no progress: a disagreement
   * looks like that in between.
   *
   * @returns whether it is news.
   */
  told(what: string, isWork: boolean): boolean {
    if (!isNews(this.#pace, what)) return false;
    this.#pace = withReport(isWork ? withProgress(this.#pace) : this.#pace, what);
    this.#news += 1;
    return true;
  }

  /** Notes that the watcher has started earlier runs for the same work. */
  continues(before: { readonly kind: string; readonly runs: number; readonly why: string }): void {
    this.#pace = withRunsBefore(this.#pace, before, Date.now());
  }

  /** Notes that something else, or nothing, now holds the pod back. */
  flipped(): void {
    this.#pace = withFlip(this.#pace, Date.now());
  }

  /** The time during which another such change is not worth a report. */
  get flipPatienceMs(): number {
    return Math.max(0, nextFlipAtMs(this.#pace) - Date.now());
  }

  /** Enters the next round, and returns the time that it has to wait. */
  next(round: string): number {
    this.#pace = withRound(this.#pace, round, Date.now());
    return Math.max(0, this.#pace.lastAtMs - Date.now());
  }
}
