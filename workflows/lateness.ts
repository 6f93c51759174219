import type { Stall } from '../domain/node/stall.ts';
import type { LatenessState } from '../domain/run/node-run.ts';
import { rankOf } from '../domain/work/progress-deadline.ts';

/** The steps between which there is progress, in their order. */
const STEPS = ['apply-statefulset', 'replace-pod', 'observe-image', 'mark-ready'] as const;

export type ProgressStep = (typeof STEPS)[number];

/** Measures for how long the plan under way has made no progress, through all its attempts and continued runs. */
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

  /** The reason against a rollback that was due, so that it is not asked for again. */
  get refusedRollback(): string | undefined {
    return this.#state.refusedRollback;
  }

  refuseRollback(why: string): void {
    // The stall shown so far lacks the reason.
    this.#state = { ...this.#state, refusedRollback: why, exceeded: undefined };
  }

  /** Set while the sidecar does its tasks, which take hours and have budgets of their own. */
  get isSuspended(): boolean {
    return this.#isSuspended;
  }

  /** @param key names the plan and its target: a new one is not late yet. */
  begin(key: string): void {
    this.#step = 0;
    this.#isSuspended = false;
    if (this.#state.key !== key) this.#state = freshState(key);
  }

  /** Notes that a step is reached. It counts as progress only if the plan had not come that far before. */
  at(step: ProgressStep): void {
    this.#step = STEPS.indexOf(step);
    this.saw(0);
  }

  /** Notes a stage of the pod. */
  saw(stage: number): void {
    const rank = rankOf(this.#step, stage);
    if (rank <= this.#state.rank) return;
    this.#state = { ...this.#state, rank, spentMs: 0, exceeded: undefined };
  }

  spend(ms: number): void {
    this.#state = { ...this.#state, spentMs: this.#isSuspended ? 0 : this.#state.spentMs + ms };
  }

  /** Takes back time that was spent, because it does not count after all. */
  forgive(ms: number): void {
    this.#state = { ...this.#state, spentMs: Math.max(0, this.#state.spentMs - ms) };
  }

  exceed(stall: Stall | undefined): void {
    this.#state = { ...this.#state, exceeded: stall };
  }

  /** Gives the plan all its time again, because somebody has steered the run. */
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
