import { ApplicationFailure, log, setHandler, workflowInfo } from '@temporalio/workflow';

import { FailureType } from '../domain/failure/failure-type.ts';
import type { NodeRef } from '../domain/node/node-ref.ts';
import type { ShownStall, Stall } from '../domain/node/stall.ts';
import type { KindNames } from '../domain/run/kind-names.ts';
import type {
  CarriedState,
  NodeRunInput,
  Observed,
  ParkedFailure,
} from '../domain/run/node-run.ts';
import { readRunInput } from '../domain/run/read-run-input.ts';
import type { SearchAttribute } from '../domain/run/search-attribute.ts';
import { heldDueByWatcher } from '../domain/work/not-converging.ts';
import type { Progress } from './display.ts';
import { Display } from './display.ts';
import { Inbox } from './inbox.ts';
import type { Generation, Kind } from './kind.ts';
import { Lateness } from './lateness.ts';
import { progressQuery } from './messages.ts';
import { Pacing } from './pacing.ts';
import { Steering } from './steering.ts';

/** A run of an object of any kind. */
export type AnyRun = Run<unknown>;

/**
 * One open run of an object, with its state.
 *
 * Its inbox only ever records; the sequence decides what a message means, at a point at which it can act on it.
 */
export class Run<D, Now extends Generation = Generation> {
  readonly node: NodeRef;
  readonly kind: Kind<D, Now>;
  readonly workflowId = workflowInfo().workflowId;
  readonly steering: Steering;
  readonly pacing: Pacing;
  readonly lateness: Lateness;
  readonly inbox: Inbox;
  /** The plan of the run before this one. */
  readonly carriedPlanId: string | undefined;
  /** The number of failures of the work in a row. */
  failures: number;
  /** Set while the run waits out a failure, until a change or a command makes an attempt worthwhile. */
  parked: ParkedFailure | undefined;
  /** The known trouble that holds the attempt under way back. */
  stall: ShownStall | undefined;
  /** Another node of this name: this run must not touch it, and hands over to a run for it. */
  successor: NodeRef | undefined;

  readonly #display: Display;
  /** True until the first signal reaches a run that the watcher may have started. */
  #isToldFirst: boolean;
  #looks = 0;

  /**
   * @param input as it was sent, by anybody
   * @throws ApplicationFailure, which ends the run, if the input does not belong to this workflow id
   */
  constructor(kind: Kind<D, Now>, input: NodeRunInput) {
    const state = checkedInput(kind.names, input);
    this.kind = kind;
    this.node = state.node;
    this.carriedPlanId = state.planId;
    this.failures = state.failures ?? 0;
    this.parked = state.parked;
    this.pacing = new Pacing(state.pace);
    this.lateness = new Lateness(state.lateness);
    this.#isToldFirst = state.pace === undefined;
    this.#display = new Display(this.node);
    this.inbox = new Inbox(this.node, kind.names, {
      change: () => {
        this.parked = undefined;
      },
      told: (observed) => this.#isNews(observed),
      anotherUid: () => void this.#lookForSuccessor(),
    });
    // Buffered messages are delivered the moment a handler is set, so the state comes first.
    this.steering = new Steering(state.commands, () => this.isHistoryFull);
    this.inbox.open();
    setHandler(
      progressQuery,
      () => ({
        node: this.node,
        failures: this.failures,
        held: this.steering.held === true,
        ...this.#display.progress,
      }),
      { description: 'What the run does, what it waits for, and since when.' },
    );
  }

  /** Set while the work goes on beyond its progress deadline. */
  get exceededDeadline(): Stall | undefined {
    return this.lateness.exceeded;
  }

  /** True if a known trouble holds the attempt under way back. */
  get isHeldBack(): boolean {
    return this.stall !== undefined || this.exceededDeadline !== undefined;
  }

  /** Reads what the object wants now, and so confirms or refutes the signalled generations. */
  readTarget(): Promise<Now | undefined> {
    return this.inbox.confirming((atLeastGeneration) =>
      this.kind.decisions.readTarget({ node: this.node, atLeastGeneration }),
    );
  }

  /**
   * True if the history is as long as it should get. Work under way then goes on in another run; so does a long wait,
   * because every resync of the watcher is an event.
   */
  get isHistoryFull(): boolean {
    return workflowInfo().continueAsNewSuggested;
  }

  /** True if the node's work goes on in another run. */
  get mustContinue(): boolean {
    return this.successor !== undefined || this.isHistoryFull;
  }

  /** True if the work under way has to make room: for somebody's command, or for another run. */
  get isInterrupted(): boolean {
    return this.steering.hasCommand || this.mustContinue;
  }

  /** True while a read checks that the node still exists. */
  get isLooking(): boolean {
    return this.#looks > 0;
  }

  /** The state that the next run of this node needs. */
  carriedState(planId: string): CarriedState {
    const { failures, parked, pacing, lateness, steering } = this;
    return {
      planId,
      failures,
      parked,
      pace: pacing.state,
      lateness: lateness.state,
      commands: steering.left,
    };
  }

  /** Shows what the run does, and what it waits for. */
  show(
    progress: Partial<Omit<Progress, 'since'>>,
    attributes: Partial<Record<SearchAttribute, string>> = {},
  ): void {
    this.#display.show(progress, attributes, this.failures);
  }

  /**
   * Looks if another node has taken the name, as somebody claims. The question does not disturb the work under way,
   * only the answer does. There is one look at a time, and one more for all claims that came during it.
   */
  async #lookForSuccessor(): Promise<void> {
    if (this.#looks > 1) return;
    this.#looks += 1;
    if (this.#looks > 1) return;
    while (this.#looks > 0) {
      try {
        const due = this.kind.dueOf(
          await this.kind.decisions.decideDueWork({ node: this.node, told: 'nothing' }),
        );
        if (due.kind === 'gone') this.successor ??= due.successor;
      } catch (err) {
        // No answer is no reason to act; the next step of the run reads the node, too.
        log.warn('could not look whether another node has taken the name', { err });
      } finally {
        this.#looks -= 1;
      }
    }
  }

  /** Returns whether the watcher reports something that it has not reported before. */
  #isNews(observed: Observed<string>): boolean {
    const { due, why = '', runs = 0 } = observed;
    const isWork = Object.hasOwn(this.kind.names.workflows, due);
    const isNews = this.pacing.told(`${due} ${why}`, isWork);
    if (isWork && this.#isToldFirst) {
      this.pacing.continues({ kind: due, runs, why: heldDueByWatcher(due, why, runs) });
    }
    this.#isToldFirst = false;
    return isNews;
  }
}

function checkedInput(names: KindNames, input: unknown): NodeRunInput {
  const read = readRunInput(names, input, workflowInfo().workflowId);
  if (read.kind === 'fits') return read.value;
  throw ApplicationFailure.nonRetryable(read.why, FailureType.InvalidInput);
}
