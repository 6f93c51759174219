import type { Stall } from '../domain/node/stall.ts';
import type { LatenessState } from '../domain/run/node-run.ts';
import { rankOf } from '../domain/work/progress-deadline.ts';

/** The steps between which there is progress, in their order. */
const STEPS = ['apply-statefulset', 'replace-pod', 'observe-image', 'mark-ready'] as const;

export type ProgressStep = (typeof STEPS)[number];

/** For how long the plan under way has made no progress. Goes on through attempts and continued runs. */
export class Lateness {
  #state: LatenessState;
  #step = 0;
  #isSuspended = false;

  constructor(carried: LatenessState | undefined) {
    this.#state = carried ?? freshState('');
  }

  get state(): LatenessState {
    return this.#state;
  }

  get spentMs(): number {
    return this.#state.spentMs;
  }

  /** Set while the work goes on beyond its deadline. */
  get exceeded(): Stall | undefined {
    return this.#state.exceeded;
  }

  /** Why a rollback that was due is refused, so that it is not asked for again. */
  get refusedRollback(): string | undefined {
    return this.#state.refusedRollback;
  }

  refuseRollback(why: string): void {
    // What is said so far lacks the why.
    this.#state = { ...this.#state, refusedRollback: why, exceeded: undefined };
  }

  /** Set where the sidecar does tasks, which take hours and have budgets of their own. */
  get isSuspended(): boolean {
    return this.#isSuspended;
  }

  /** @param key the plan, with what it aims at: another one is not late yet. */
  begin(key: string): void {
    this.#step = 0;
    this.#isSuspended = false;
    if (this.#state.key !== key) this.#state = freshState(key);
  }

  /** A step is reached. Whether it is progress depends on how far the plan had come before. */
  at(step: ProgressStep): void {
    this.#step = STEPS.indexOf(step);
    this.saw(0);
  }

  /** The pod was seen at a stage. */
  saw(stage: number): void {
    const rank = rankOf(this.#step, stage);
    if (rank <= this.#state.rank) return;
    this.#state = { ...this.#state, rank, spentMs: 0, exceeded: undefined };
  }

  spend(ms: number): void {
    this.#state = { ...this.#state, spentMs: this.#isSuspended ? 0 : this.#state.spentMs + ms };
  }

  /** Time that was spent does not count after all. */
  forgive(ms: number): void {
    this.#state = { ...this.#state, spentMs: Math.max(0, this.#state.spentMs - ms) };
  }

  exceed(stall: Stall | undefined): void {
    this.#state = { ...this.#state, exceeded: stall };
  }

  /** Somebody has steered the run: from here it has all the time again. */
  restart(): void {
    this.#state = freshState(this.#state.key);
  }

  async suspendedWhile<T>(work: () => Promise<T>): Promise<T> {
    this.#isSuspended = true;
    try {
      return await work();
    } finally {
      this.#isSuspended = false;
      this.#state = { ...this.#state, spentMs: 0 };
    }
  }
}

function freshState(key: string): LatenessState {
  return { key, spentMs: 0, rank: -1, exceeded: undefined, refusedRollback: undefined };
}
