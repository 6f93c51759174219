import type { Duration, Payload, TypedSearchAttributes } from '@temporalio/common';
import { TypedSearchAttributes as Attributes } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';

import type { NodeActivities } from '../../../../activities/contract/activities.ts';
import type { NodeRef } from '../../../../domain/node/node-ref.ts';
import type { Observed, RunProgress } from '../../../../domain/run/node-run.ts';
import { OBSERVED_SIGNAL, PROGRESS_QUERY } from '../../../../domain/run/node-run.ts';
import { nodeWorkflowId } from '../../../../domain/run/workflow-id.ts';
import type { WorkKind } from '../../../../domain/work/due-work.ts';
import { Agenda } from './agenda.ts';
import type { Attempt } from './attempt.ts';
import type { LogLine, RunHost, SimulatedUpdate } from './simulated-run.ts';
import { argumentsOf, SimulatedRun } from './simulated-run.ts';
import { workflowVm } from './workflow-vm.ts';

/**
 * Runs the real workflow code, as the worker bundles it, against a server made of a clock and an agenda:
 * a simulated day takes as long as the work that happens in it, and the same test gives the same run.
 *
 *   await using simulation = await simulate({ activities: fakeActivities({ ... }).activities });
 *   simulation.observe('nodeUpdate');
 *   await simulation.advance('1 day');
 *   expect(simulation.activitiesStarted.length).toBeLessThan(500);
 *
 * Activities are the functions that other tests give to a worker. In an activity `takes('3 seconds')`,
 * `waits`, `waitsUntil`, `untilCancelled` and `hangs` of ./attempt.ts are virtual time; what an activity
 * awaits besides has to end on its own, at once. Messages are handed over when time moves on, if only
 * by `advance(0)`.
 *
 * It does as a server and the SDK's core do: retry policies, time-outs and cancellation types of
 * activities and local activities, timers, continue-as-new under the same id, updates with validators,
 * queries, searchable attributes. A run closes, and what it had asked for ends with it.
 *
 * History events are counted so: start, end, continue-as-new 1 each; a workflow task 3 (none for an
 * update that its validator refuses); an activity 1, and 2 more once it has closed, however many attempts
 * it took; a local activity 1; a cancellation of an activity 1; a timer 1, and 1 when it fires or is
 * cancelled; a signal 1; an update 1 when accepted and 1 when answered; setting attributes 1.
 *
 * It differs in this: workflow tasks take no time, and each thing that happens gets one of its own, also where a
 * server hands over several in one: the count is an upper bound. A workflow task that has local activities
 * open takes in no messages until they are done, and is not prolonged by heartbeats. There is no replay,
 * so no worker that restarts: test/replay and the tests with a server have that.
 *
 * A workflow task that fails ends the simulation: it is in `workflowTaskFailures`, and `advance` and
 * `runUntil` throw it, unless `bearsTaskFailures`.
 */
export async function simulate(options: SimulationOptions): Promise<Simulation> {
  const creator = await workflowVm(Object.keys(options.activities));
  return new Simulation(options, creator);
}

export interface SimulationOptions {
  readonly activities: NodeActivities;
  /** The node of the runs. Default: default/n0 of the uid `node-uid`. */
  readonly node?: NodeRef;
  readonly cluster?: string;
  /** The number of history events after which a run is asked to continue as new. Default 10,000; servers say 4,096. */
  readonly suggestedEvents?: number;
  /** The number of activities beyond which `advance` and `runUntil` throw, because the run spins. Default 100,000. */
  readonly activityLimit?: number;
  /** The time from when an activity is scheduled until it starts. Default 10 ms. */
  readonly activityLatency?: Duration;
  readonly startTime?: string;
  /** Set where the Temporal namespace has the attributes of the product. */
  readonly searchAttributes?: TypedSearchAttributes;
  readonly bearsTaskFailures?: boolean;
}

/** An attempt at an activity that began. */
export interface StartedActivity {
  readonly name: string;
  readonly input: unknown;
  readonly attempt: number;
  readonly isLocal: boolean;
  /** Virtual time in milliseconds since the simulation began. */
  readonly at: number;
}

export interface TaskFailure {
  readonly workflowType: string;
  readonly error: Error;
}

/** No real activity of a test takes this long. */
const REAL_LIMIT = 20_000;
const LOCAL_LATENCY = 1;

class Simulation {
  readonly node: NodeRef;
  readonly workflowId: string;
  /** Every run under the workflow id, the newest last. */
  readonly runs: readonly SimulatedRun[];
  readonly activitiesStarted: readonly StartedActivity[];
  readonly workflowTaskFailures: readonly TaskFailure[];
  /** The log of the workflow at `info` and above. */
  readonly logs: readonly LogLine[];

  readonly #options: SimulationOptions;
  readonly #creator: Awaited<ReturnType<typeof workflowVm>>;
  readonly #agenda: Agenda;
  readonly #startedAt: number;
  readonly #host: RunHost;
  readonly #runs: SimulatedRun[] = [];
  readonly #started: StartedActivity[] = [];
  readonly #failures: TaskFailure[] = [];
  readonly #logs: LogLine[] = [];
  /** Attempts under way, in virtual time: they may be busy in real time, too. */
  readonly #attempts = new Set<Attempt>();
  #starting: (() => Promise<SimulatedRun>)[] = [];
  /** Messages to a run that is about to start. */
  #waiting: ((run: SimulatedRun) => void)[] = [];

  constructor(options: SimulationOptions, creator: Awaited<ReturnType<typeof workflowVm>>) {
    const { node, cluster = 'test', startTime = '2026-01-01T12:00:00.000Z' } = options;
    this.node = node ?? { namespace: 'default', name: 'n0', uid: 'node-uid' };
    this.workflowId = nodeWorkflowId(cluster, this.node);
    this.runs = this.#runs;
    this.activitiesStarted = this.#started;
    this.workflowTaskFailures = this.#failures;
    this.logs = this.#logs;
    this.#options = options;
    this.#creator = creator;
    this.#startedAt = Date.parse(startTime);
    this.#agenda = new Agenda(this.#startedAt);
    this.#host = this.#hostOfRuns();
  }

  /** Returns the virtual milliseconds since the simulation began. */
  get elapsed(): number {
    return this.#agenda.now - this.#startedAt;
  }

  /** Returns the virtual moment, RFC 3339. */
  get now(): string {
    return new Date(this.#agenda.now).toISOString();
  }

  /** Returns the newest run. */
  get run(): SimulatedRun {
    const run = this.#runs.at(-1);
    if (run === undefined) throw new Error('no run has begun: call observe or start, then advance');
    return run;
  }

  get isOpen(): boolean {
    return this.#starting.length > 0 || this.#runs.at(-1)?.isOpen === true;
  }

  /** Counts the history events of all runs together. */
  get events(): number {
    return this.#runs.reduce((sum, run) => sum + run.events, 0);
  }

  /** Lists the activities in the order in which they began, retries among them. */
  get calls(): readonly string[] {
    return this.#started.map(({ name }) => name);
  }

  countOf(name: keyof NodeActivities): number {
    return this.#started.filter((started) => started.name === name).length;
  }

  /** Reports as the watcher does: starts the run, or signals the open one. */
  observe(kind: WorkKind, seen: Partial<Observed> = {}): void {
    const { node } = this;
    const observed: Observed = { node, generation: 2, cause: 'change', due: kind, ...seen };
    this.signalWithStart(kind, OBSERVED_SIGNAL, observed);
  }

  /** @param args of the signal; none for a signal without a payload */
  signalWithStart(kind: WorkKind, signal: string, ...args: readonly unknown[]): void {
    if (!this.isOpen) this.start(kind);
    this.signal(signal, ...args);
  }

  /** @param input of the workflow. Default: the node */
  start(kind: string, ...input: readonly unknown[]): void {
    if (this.isOpen) throw new Error('a run is open under the workflow id');
    const args = argumentsOf(input.length > 0 ? input : [{ node: this.node }]);
    this.#begin(kind, args, undefined);
  }

  /** Starts a run as a person does by hand without an input. */
  startWithoutInput(kind: string): void {
    this.#begin(kind, [], undefined);
  }

  signal(name: string, ...args: readonly unknown[]): void {
    this.#deliver((run) => run.signal(name, argumentsOf(args)));
  }

  update(name: string, ...args: readonly unknown[]): SimulatedUpdate {
    const update: SimulatedUpdate = { name, state: { kind: 'sent' } };
    this.#deliver((run) => run.update(update, argumentsOf(args)));
    return update;
  }

  /** Cancels as `temporal workflow cancel` does. */
  cancel(): void {
    this.#deliver((run) => run.cancel());
  }

  query(name: string, ...args: readonly unknown[]): Promise<unknown> {
    return this.run.query(name, argumentsOf(args));
  }

  async progress(): Promise<RunProgress> {
    return (await this.query(PROGRESS_QUERY)) as RunProgress;
  }

  /** Does something, mostly sends a message, when so much virtual time has passed from now on. */
  after(delay: Duration, act: () => void): void {
    this.#agenda.after(msToNumber(delay), act);
  }

  /** Lets so much virtual time pass. */
  async advance(duration: Duration): Promise<void> {
    const until = this.#agenda.now + msToNumber(duration);
    await this.#settle();
    while (await this.#step(until));
    this.#agenda.moveTo(until);
  }

  /**
   * Lets so much virtual time pass in which nobody does anything, as when Temporal is away, or every worker: what is
   * due meanwhile happens late, when time moves on after it.
   */
  async standStill(duration: Duration): Promise<void> {
    await this.#settle();
    this.#agenda.moveTo(this.#agenda.now + msToNumber(duration));
  }

  /**
   * Lets virtual time pass until `isReached`, which is checked after everything that happens.
   *
   * @throws when it is not reached within `limit`, or nothing happens any more
   */
  async runUntil(
    isReached: (simulation: Simulation) => boolean,
    limit: Duration = '1 day',
  ): Promise<void> {
    const until = this.#agenda.now + msToNumber(limit);
    await this.#settle();
    while (!isReached(this)) {
      if (!(await this.#step(until))) {
        throw new Error(`not reached after ${this.elapsed / 1_000} s: ${this.describe()}`);
      }
    }
  }

  /** Lets virtual time pass until no run is open any more. */
  async runToEnd(limit: Duration = '1 day'): Promise<void> {
    await this.runUntil(() => !this.isOpen, limit);
  }

  /** Describes what is going on, for the message of a failing test. */
  describe(): string {
    const open = this.#runs.at(-1)?.openActivities.map(({ name }) => name) ?? [];
    const last = this.calls.slice(-12).join(', ');
    return [
      `runs ${this.#runs.map(({ identity, end }) => `${identity.workflowType} ${end.kind}`).join(', ')}`,
      `open activities ${open.join(', ') || 'none'}`,
      `${this.#started.length} started, last: ${last}`,
      `${this.events} events`,
    ].join('; ');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const run of this.#runs) await run.dispose();
  }

  async #step(until: number): Promise<boolean> {
    const act = this.#agenda.takeNext(until);
    if (act === undefined) return false;
    act();
    await this.#settle();
    const { activityLimit = 100_000 } = this.#options;
    if (this.#started.length > activityLimit) {
      throw new Error(
        `more than ${activityLimit} activities in ${this.elapsed / 1_000} s: ${this.describe()}`,
      );
    }
    return true;
  }

  /** Lets everything happen that happens at this moment of virtual time. */
  async #settle(): Promise<void> {
    const deadline = performance.now() + REAL_LIMIT;
    for (;;) {
      await immediate();
      const begin = this.#starting.shift();
      const run = this.#runs.at(-1);
      if (begin !== undefined) {
        const begun = await begin();
        this.#runs.push(begun);
        for (const deliver of this.#waiting.splice(0)) deliver(begun);
      } else if (run?.isTaskDue === true) {
        await run.doTask();
      } else if ([...this.#attempts].every(({ isIdle }) => isIdle)) {
        break;
      } else if (performance.now() > deadline) {
        throw new Error(`an activity waits for something real: ${this.describe()}`);
      }
    }
    for (const attempt of this.#attempts) if (attempt.isEnded) this.#attempts.delete(attempt);
    const [failure] = this.#failures;
    if (failure !== undefined && this.#options.bearsTaskFailures !== true) {
      throw new Error(`a workflow task of ${failure.workflowType} failed: ${failure.error}`, {
        cause: failure.error,
      });
    }
  }

  #begin(workflowType: string, input: readonly Payload[], from: SimulatedRun | undefined): void {
    const seed = `run-${this.#runs.length + this.#starting.length + 1}`;
    const runId = `${seed}-${(simulated += 1)}`;
    const identity = {
      workflowId: this.workflowId,
      workflowType,
      runId,
      firstRunId: from?.identity.firstRunId ?? runId,
      continuedFrom: from?.identity.runId,
      taskQueue: 'simulation',
      seed,
    };
    const attributes = this.#options.searchAttributes ?? new Attributes();
    this.#starting.push(() =>
      SimulatedRun.start(identity, input, attributes, this.#creator, this.#host),
    );
  }

  #deliver(deliver: (run: SimulatedRun) => void): void {
    if (this.#starting.length > 0) this.#waiting.push(deliver);
    else if (this.isOpen) deliver(this.run);
    else throw new Error('no run is open under the workflow id');
  }

  #hostOfRuns(): RunHost {
    const { activities, suggestedEvents = 10_000 } = this.#options;
    return {
      agenda: this.#agenda,
      latency: { activity: msToNumber(this.#options.activityLatency ?? 10), local: LOCAL_LATENCY },
      suggestedEvents,
      activity: (name) => {
        const known = activities as unknown as Record<string, (input: unknown) => Promise<unknown>>;
        return (
          known[name] ?? (() => Promise.reject(new Error(`there is no activity named ${name}`)))
        );
      },
      onAttempt: ({ name, isLocal }, attempt, input) => {
        this.#attempts.add(attempt);
        this.#started.push({ name, input, attempt: attempt.number, isLocal, at: this.elapsed });
      },
      onContinue: (run, workflowType, input) => this.#begin(workflowType, input, run),
      onTaskFailed: ({ identity }, error) =>
        this.#failures.push({ workflowType: identity.workflowType, error }),
      onLog: (line) => {
        if (line.level !== 'debug' && line.level !== 'trace') this.#logs.push(line);
      },
    };
  }
}

export type { Simulation };

/** Run ids are unique in a process, because its workflows share a VM. */
let simulated = 0;

/** Resolves once everything that goes on without virtual time has gone on. */
function immediate(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
