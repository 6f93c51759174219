import { setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';

import type { DecisionActivities } from '../activities/contract.ts';
import type { NodeRef } from '../domain/node-ref.ts';
import { keyOf } from '../domain/node-ref.ts';
import type {
  CarriedState,
  NodeRunInput,
  Observed,
  ParkedFailure,
  RunProgress,
} from '../domain/node-run.ts';
import type { SearchAttribute } from '../domain/search-attribute.ts';
import type { Stall } from '../domain/stall.ts';
import type { Command } from '../domain/steering.ts';
import { observedSignal, progressQuery } from './messages.ts';
import { setSearchAttributes } from './search-attributes.ts';
import { Steering } from './steering.ts';
import type { Steps } from './steps.ts';
import { decisions, stepsOn } from './steps.ts';

/** What people see of a run while it works; see `RunProgress`. */
type Progress = Omit<RunProgress, 'node' | 'failures' | 'held'>;

/**
 * One open run of a node: its inbox, and what it shows to the outside.
 *
 * The inbox only ever records; what a message means is decided by the sequence at a point where it
 * can act on it.
 */
export class NodeRun {
  readonly node: NodeRef;
  readonly workflowId = workflowInfo().workflowId;
  readonly steps: Steps = stepsOn(workflowInfo().taskQueue);
  readonly decisions: DecisionActivities = decisions();
  readonly steering: Steering;
  /** The plan that the run before this one was at. */
  readonly carriedPlanId: string | undefined;
  /** How often in a row the work has failed. */
  failures: number;
  /** Set while a failure is waited out, until a change or a command makes an attempt worth while. */
  parked: ParkedFailure | undefined;
  /** Set while the attempt is one that somebody asked for. */
  retry: Command | undefined;
  /** What the attempt under way is held back by, as far as is known. */
  stall: Stall | undefined;
  /** Set while an update goes on beyond its progress deadline. */
  exceededDeadline: Stall | undefined;

  /** The newest spec generation that anybody told us of. */
  #newestGeneration = 0;
  #changes = 0;
  #hasUnreadChange = false;
  #lastTold: Observed['due'] = 'nothing';
  #successor: NodeRef | undefined;
  #progress: Progress;

  constructor(input: NodeRunInput) {
    this.node = input.node;
    this.carriedPlanId = input.planId;
    this.failures = input.failures ?? 0;
    this.parked = input.parked;
    this.retry = input.retry;
    this.#progress = {
      target: undefined,
      previousImage: undefined,
      step: undefined,
      waitingFor: undefined,
      since: new Date().toISOString(),
      lastError: undefined,
    };
    // Buffered messages are delivered the moment a handler is set, so the state comes first.
    this.steering = new Steering();
    setHandler(observedSignal, (observed) => this.#receive(observed), {
      description: 'The watcher saw the node change. Sent by the watcher.',
    });
    setHandler(
      progressQuery,
      () => ({
        node: this.node,
        failures: this.failures,
        held: this.steering.held === true,
        ...this.#progress,
      }),
      { description: 'What the run does, what it waits for, and since when.' },
    );
  }

  get newestGeneration(): number {
    return this.#newestGeneration;
  }

  /** Another node of this name: this run must not touch it, and hands over to a run of its own. */
  get successor(): NodeRef | undefined {
    return this.#successor;
  }

  /**
   * Whether the history is as long as it should get. Whatever is under way then goes on in another run;
   * what waits for long gets there too, because every resync of the watcher is an event.
   */
  get isHistoryFull(): boolean {
    return workflowInfo().continueAsNewSuggested;
  }

  /** Whether the node's work goes on in another run. */
  get mustContinue(): boolean {
    return this.#successor !== undefined || this.isHistoryFull;
  }

  /** Whether what is under way has to make room: for somebody's command, or for another run. */
  get isInterrupted(): boolean {
    return this.steering.hasCommand || this.mustContinue;
  }

  /** What the next run of this node has to know. */
  carriedState(planId: string): CarriedState {
    const { failures, parked, retry } = this;
    return { planId, failures, parked, retry };
  }

  get changes(): number {
    return this.#changes;
  }

  /** Whether a change that may call for work was told of since the node was read last. */
  get hasUnreadChange(): boolean {
    return this.#hasUnreadChange;
  }

  /** What the watcher held to be due when it told of the last change. */
  get lastTold(): Observed['due'] {
    return this.#lastTold;
  }

  /** To be called right before the node is read: what was told before that, the read covers. */
  markRead(): void {
    this.#hasUnreadChange = false;
  }

  /**
   * Says what the run is doing, in the query, in the details and in the search attributes. The
   * attributes are set together, because each setting is an event of the history.
   */
  show(
    progress: Partial<Omit<Progress, 'since'>>,
    attributes: Partial<Record<SearchAttribute, string>> = {},
  ): void {
    const { step } = progress;
    const moved = step !== undefined && step !== this.#progress.step;
    const waits = 'waitingFor' in progress && progress.waitingFor !== this.#progress.waitingFor;
    this.#progress = {
      ...this.#progress,
      ...progress,
      ...((moved || waits) && { since: new Date().toISOString() }),
    };
    setCurrentDetails(detailsOf(this.node, this.failures, this.#progress));
    setSearchAttributes({ ...(moved && { step }), ...attributes });
  }

  #receive(observed: Observed): void {
    if (observed.node.uid !== this.node.uid) {
      this.#successor = observed.node;
      return;
    }
    if (observed.cause === 'resync') return;
    this.parked = undefined;
    this.#changes += 1;
    this.#lastTold = observed.due;
    // The echo of our own last write says that nothing is due, and asks for no further read.
    if (observed.due !== 'nothing' || observed.generation > this.#newestGeneration) {
      this.#hasUnreadChange = true;
    }
    this.#newestGeneration = Math.max(this.#newestGeneration, observed.generation);
  }
}

/** Markdown for the Web UI: what a person wants to know first, then what to do about it. */
function detailsOf(node: NodeRef, failures: number, progress: Progress): string {
  // Markdown takes a list for one only after an empty line.
  const lines = [`**${keyOf(node)}**`, ''];
  if (progress.target !== undefined) {
    lines.push(`- image: \`${progress.previousImage ?? '(none)'}\` → \`${progress.target}\``);
  }
  if (progress.step !== undefined) lines.push(`- step: \`${progress.step}\``);
  if (progress.waitingFor !== undefined) {
    lines.push(`- waits for: ${progress.waitingFor} (since ${progress.since})`);
  }
  if (failures > 0) lines.push(`- failures in a row: ${failures}`);
  if (progress.lastError !== undefined) lines.push(`- last error: ${progress.lastError}`);
  return lines.join('\n');
}
