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

/** How fast the rounds of a run follow each other; see `domain/work/pace.ts`. */
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

  /** Counts what ends a pause before its time. */
  get news(): number {
    return this.#news;
  }

  /** Who disagrees, should the next round repeat this one; undefined where status says it already. */
  blame(why: string | undefined): void {
    this.#pace = { ...this.#pace, why };
  }

  /** Somebody steered the run. */
  steered(): void {
    this.#pace = withProgress(this.#pace);
    this.#news += 1;
  }

  /** The run has nothing more to do until it is told something. */
  settled(): void {
    this.#pace = withProgress(this.#pace);
  }

  /** An attempt has begun with this generation of the spec. */
  begun(generation: number): void {
    this.#pace = withGeneration(this.#pace, generation);
  }

  /**
   * The watcher has told something. That nothing is due ends a pause, too, but is no progress: it is
   * what a fight looks like in between.
   *
   * @returns whether it is news.
   */
  told(what: string, isWork: boolean): boolean {
    if (!isNews(this.#pace, what)) return false;
    this.#pace = withReport(isWork ? withProgress(this.#pace) : this.#pace, what);
    this.#news += 1;
    return true;
  }

  /** The watcher has started runs before this one for the same work. */
  continues(before: { readonly kind: string; readonly runs: number; readonly why: string }): void {
    this.#pace = withRunsBefore(this.#pace, before, Date.now());
  }

  /** Something else holds the pod back, or nothing any more. */
  flipped(): void {
    this.#pace = withFlip(this.#pace, Date.now());
  }

  /** For how long the next such change is not worth to be said. */
  get flipPatienceMs(): number {
    return Math.max(0, nextFlipAtMs(this.#pace) - Date.now());
  }

  /** Enters the next round, and says for how long it has to wait. */
  next(round: string): number {
    this.#pace = withRound(this.#pace, round, Date.now());
    return Math.max(0, this.#pace.lastAtMs - Date.now());
  }
}
