import { setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';

import type { DecisionActivities } from '../activities/contract.ts';
import { isWorkKind } from '../domain/due-work.ts';
import type { NodeRef } from '../domain/node-ref.ts';
import { keyOf } from '../domain/node-ref.ts';
import type {
  CarriedState,
  NodeRunInput,
  Observed,
  ParkedFailure,
  RunProgress,
} from '../domain/node-run.ts';
import { heldDueByWatcher } from '../domain/not-converging.ts';
import type { SearchAttribute } from '../domain/search-attribute.ts';
import type { Stall } from '../domain/stall.ts';
import { Lateness } from './lateness.ts';
import { observedSignal, progressQuery } from './messages.ts';
import { Pacing } from './pacing.ts';
import { setSearchAttributes } from './search-attributes.ts';
import { SidecarTaskIds } from './sidecar-task-ids.ts';
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
  readonly taskIds: SidecarTaskIds;
  readonly pacing: Pacing;
  readonly lateness: Lateness;
  /** The plan that the run before this one was at. */
  readonly carriedPlanId: string | undefined;
  /** How often in a row the work has failed. */
  failures: number;
  /** Set while a failure is waited out, until a change or a command makes an attempt worth while. */
  parked: ParkedFailure | undefined;
  /** What the attempt under way is held back by, as far as is known. */
  stall: Stall | undefined;

  /** The newest spec generation that anybody told us of. */
  #newestGeneration = 0;
  #changes = 0;
  /** Whether no signal has come yet to a run that the watcher may have started. */
  #isToldFirst: boolean;
  #hasUnreadChange = false;
  #lastTold: Observed['due'] = 'nothing';
  #successor: NodeRef | undefined;
  #progress: Progress;

  constructor(input: NodeRunInput) {
    this.node = input.node;
    this.taskIds = new SidecarTaskIds(input.planId, input.taskIds);
    this.carriedPlanId = input.planId;
    this.failures = input.failures ?? 0;
    this.parked = input.parked;
    this.pacing = new Pacing(input.pace);
    this.lateness = new Lateness(input.lateness);
    this.#isToldFirst = input.pace === undefined;
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

  /** Set while the work goes on beyond its progress deadline. */
  get exceededDeadline(): Stall | undefined {
    return this.lateness.exceeded;
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
    const { failures, parked, pacing, lateness, taskIds } = this;
    return {
      planId,
      failures,
      parked,
      pace: pacing.state,
      lateness: lateness.state,
      taskIds: taskIds.all,
    };
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
    const { due, generation, why = '' } = observed;
    const isNews = this.pacing.told(`${generation} ${due} ${why}`, isWorkKind(due));
    if (this.#isToldFirst) this.#followRunsBefore(observed);
    this.#isToldFirst = false;
    if (observed.cause === 'resync' && !isNews) return;
    this.parked = undefined;
    this.#changes += 1;
    this.#lastTold = observed.due;
    // The echo of our own last write says that nothing is due, and asks for no further read.
    if (observed.due !== 'nothing' || observed.generation > this.#newestGeneration) {
      this.#hasUnreadChange = true;
    }
    this.#newestGeneration = Math.max(this.#newestGeneration, observed.generation);
  }

  #followRunsBefore({ due: kind, why, runs = 0 }: Observed): void {
    if (!isWorkKind(kind)) return;
    this.pacing.continues({ kind, runs, why: heldDueByWatcher(kind, why, runs) });
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
