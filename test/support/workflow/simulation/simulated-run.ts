import type { Payload } from '@temporalio/common';
import type { TypedSearchAttributes } from '@temporalio/common';
import { encodeUnifiedSearchAttributes } from '@temporalio/common/lib/converter/payload-search-attributes.js';
import { msToTs } from '@temporalio/common/lib/time.js';
import type { coresdk } from '@temporalio/proto';
import proto from '@temporalio/proto';
import type { Workflow, WorkflowCreator } from '@temporalio/worker/lib/workflow/interface.js';

import type { Agenda, Withdraw } from './agenda.ts';
import type { Attempt } from './attempt.ts';
import type { Resolution } from './simulated-activity.ts';
import { SimulatedActivity } from './simulated-activity.ts';
import { fromPayload, milliseconds, toError, toFailure, toPayload } from './wire.ts';
import type { RunIdentity } from './workflow-vm.ts';
import { workflowInfoOf } from './workflow-vm.ts';

const { WorkflowActivation } = proto.coresdk.workflow_activation;
const { WorkflowActivationCompletion } = proto.coresdk.workflow_completion;

type Job = coresdk.workflow_activation.IWorkflowActivationJob;
type Command = coresdk.workflow_commands.IWorkflowCommand;

/** Scheduled, started and completed. */
const EVENTS_OF_A_TASK = 3;

export type RunEnd =
  | { readonly kind: 'open' }
  | { readonly kind: 'completed' }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'continued'; readonly as: string; readonly input: unknown }
  /** A workflow task failed: on a server it fails again for ever, and the run does nothing more. */
  | { readonly kind: 'wedged'; readonly error: Error };

export type UpdateState =
  | { readonly kind: 'sent' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'completed'; readonly result: unknown }
  /** Refused by the validator, which leaves no trace in the history, or by the handler. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The run closed before it answered. */
  | { readonly kind: 'lost' };

/** An update that was sent; its state moves on with virtual time. */
export interface SimulatedUpdate {
  readonly name: string;
  state: UpdateState;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface RunHost {
  readonly agenda: Agenda;
  readonly latency: { readonly activity: number; readonly local: number };
  /** The number of events after which a run is asked to continue as new. */
  readonly suggestedEvents: number;
  readonly activity: (name: string) => (input: unknown) => Promise<unknown>;
  readonly onAttempt: (activity: SimulatedActivity, attempt: Attempt, input: unknown) => void;
  readonly onContinue: (run: SimulatedRun, workflowType: string, input: readonly Payload[]) => void;
  readonly onTaskFailed: (run: SimulatedRun, error: Error) => void;
  readonly onLog: (line: LogLine) => void;
}

/** One run of a workflow: the jobs that wait for its next workflow task, and what it has asked for. */
export class SimulatedRun {
  readonly identity: RunIdentity;
  readonly startedAt: number;
  readonly #host: RunHost;
  /** Undefined once it is closed: many runs would hold many sandboxes. */
  #workflow: Workflow | undefined;
  readonly #activities = new Map<number, SimulatedActivity>();
  readonly #locals = new Map<number, SimulatedActivity>();
  readonly #timers = new Map<number, Withdraw>();
  readonly #updates = new Map<string, SimulatedUpdate>();
  #jobs: Job[] = [];
  #localJobs: Job[] = [];
  #events = 1;
  #sent = 0;
  #end: RunEnd = { kind: 'open' };

  private constructor(identity: RunIdentity, workflow: Workflow, host: RunHost) {
    this.identity = identity;
    this.startedAt = host.agenda.now;
    this.#workflow = workflow;
    this.#host = host;
  }

  static async start(
    identity: RunIdentity,
    input: readonly Payload[],
    attributes: TypedSearchAttributes,
    creator: WorkflowCreator,
    host: RunHost,
  ): Promise<SimulatedRun> {
    const { now } = host.agenda;
    const workflow = await creator
      .createWorkflow({
        info: workflowInfoOf(identity, now),
        randomnessSeed: [...Buffer.from(identity.seed)],
        now,
        showStackTraceSources: false,
      })
      .catch(failing);
    const run = new SimulatedRun(identity, workflow, host);
    run.#jobs.push({
      initializeWorkflow: {
        workflowId: identity.workflowId,
        workflowType: identity.workflowType,
        arguments: [...input],
        firstExecutionRunId: identity.firstRunId,
        startTime: msToTs(now),
        workflowTaskTimeout: msToTs('10 seconds'),
        attempt: 1,
        searchAttributes: { indexedFields: encodeUnifiedSearchAttributes(undefined, attributes) },
      },
    });
    return run;
  }

  get end(): RunEnd {
    return this.#end;
  }

  get isOpen(): boolean {
    return this.#end.kind === 'open';
  }

  /** Returns the length of its history; see `simulate` for what counts as what. */
  get events(): number {
    return this.#events;
  }

  /** Lists the activities that have begun or wait to begin. */
  get openActivities(): readonly SimulatedActivity[] {
    return [...this.#activities.values(), ...this.#locals.values()];
  }

  /** Returns whether a workflow task is due now: one that has local activities open goes on only after them. */
  get isTaskDue(): boolean {
    if (!this.isOpen) return false;
    return this.#localJobs.length > 0 || (this.#jobs.length > 0 && this.#locals.size === 0);
  }

  signal(signalName: string, input: readonly Payload[]): void {
    this.#events += 1;
    this.#jobs.push({ signalWorkflow: { signalName, input: [...input] } });
  }

  update(update: SimulatedUpdate, input: readonly Payload[]): void {
    const id = `${update.name}-${(this.#sent += 1)}`;
    this.#updates.set(id, update);
    this.#jobs.push({
      doUpdate: {
        id,
        protocolInstanceId: id,
        name: update.name,
        input: [...input],
        meta: { updateId: id, identity: 'simulation' },
        runValidator: true,
      },
    });
  }

  cancel(): void {
    this.#events += 1;
    this.#jobs.push({ cancelWorkflow: { reason: 'asked for by the test' } });
  }

  async query(queryType: string, input: readonly Payload[]): Promise<unknown> {
    const queryId = 'query';
    const commands = await this.#activate([
      { queryWorkflow: { queryId, queryType, arguments: [...input] } },
    ]);
    const answer = commands?.find(({ respondToQuery }) => respondToQuery)?.respondToQuery;
    if (answer?.failed) throw toError(answer.failed);
    return fromPayload(answer?.succeeded?.response);
  }

  /** Performs one workflow task, or goes on within one after a local activity. */
  async doTask(): Promise<void> {
    const isNewTask = this.#locals.size === 0 && this.#jobs.length > 0;
    // Jobs that waited for the local activities come along: a task may have begun right after it.
    const jobs = [...(isNewTask ? inOrder(this.#jobs) : []), ...this.#localJobs];
    if (isNewTask) this.#jobs = [];
    this.#localJobs = [];
    const commands = await this.#activate(jobs);
    if (commands === undefined) return;
    const leavesNoTrace =
      jobs.every(({ doUpdate }) => doUpdate) &&
      commands.every(({ updateResponse }) => updateResponse?.rejected);
    if (isNewTask && !leavesNoTrace) this.#events += EVENTS_OF_A_TASK;
    for (const command of commands) this.#carryOut(command);
    if (!this.isOpen) await this.#close();
  }

  async dispose(): Promise<void> {
    if (this.isOpen) await this.#close();
  }

  async #activate(jobs: readonly Job[]): Promise<readonly Command[] | undefined> {
    const activation = WorkflowActivation.fromObject({
      runId: this.identity.runId,
      timestamp: msToTs(this.#host.agenda.now),
      isReplaying: false,
      historyLength: this.#events,
      historySizeBytes: 1,
      continueAsNewSuggested: this.#events > this.#host.suggestedEvents,
      jobs: [...jobs],
    });
    const workflow = this.#workflow;
    if (workflow === undefined) throw new Error('the run is closed');
    const made = await workflow.activate(activation);
    // Passes it as over the wire: objects of the sandbox are of another realm.
    const completion = WorkflowActivationCompletion.decode(
      WorkflowActivationCompletion.encode(made).finish(),
    );
    for (const { fnName, args } of await workflow.getAndResetSinkCalls()) {
      const [message, attributes] = args as [string, Record<string, unknown>?];
      this.#host.onLog({ level: fnName, message, attributes: attributes ?? {} });
    }
    if (!completion.failed) return completion.successful?.commands ?? [];
    const error = toError(completion.failed.failure);
    this.#end = { kind: 'wedged', error };
    this.#host.onTaskFailed(this, error);
    await this.#close();
    return undefined;
  }

  #carryOut(command: Command): void {
    const { agenda } = this.#host;
    switch (command.variant) {
      case 'scheduleActivity':
        this.#events += 1;
        this.#schedule(command.scheduleActivity ?? {}, false);
        return;
      case 'scheduleLocalActivity':
        this.#schedule(command.scheduleLocalActivity ?? {}, true);
        return;
      case 'requestCancelActivity': {
        const activity = this.#activities.get(command.requestCancelActivity?.seq ?? 0);
        if (activity === undefined) return;
        this.#events += 1;
        activity.cancel();
        return;
      }
      case 'requestCancelLocalActivity':
        this.#locals.get(command.requestCancelLocalActivity?.seq ?? 0)?.cancel();
        return;
      case 'startTimer': {
        const seq = command.startTimer?.seq ?? 0;
        const delay = milliseconds(command.startTimer?.startToFireTimeout) ?? 0;
        this.#events += 1;
        this.#timers.set(
          seq,
          agenda.after(delay, () => {
            this.#timers.delete(seq);
            this.#events += 1;
            this.#jobs.push({ fireTimer: { seq } });
          }),
        );
        return;
      }
      case 'cancelTimer': {
        const seq = command.cancelTimer?.seq ?? 0;
        this.#events += 1;
        this.#timers.get(seq)?.();
        this.#timers.delete(seq);
        return;
      }
      case 'upsertWorkflowSearchAttributes':
      case 'modifyWorkflowProperties':
      case 'setPatchMarker':
        this.#events += 1;
        return;
      case 'updateResponse':
        this.#answer(command.updateResponse ?? {});
        return;
      case 'completeWorkflowExecution':
        this.#events += 1;
        this.#end = { kind: 'completed' };
        return;
      case 'cancelWorkflowExecution':
        this.#events += 1;
        this.#end = { kind: 'cancelled' };
        return;
      case 'failWorkflowExecution':
        this.#events += 1;
        this.#end = { kind: 'failed', error: toError(command.failWorkflowExecution?.failure) };
        return;
      case 'continueAsNewWorkflowExecution': {
        const next = command.continueAsNewWorkflowExecution;
        const input = next?.arguments ?? [];
        const as = next?.workflowType ?? '';
        this.#events += 1;
        this.#end = { kind: 'continued', as, input: fromPayload(input[0]) };
        this.#host.onContinue(this, as, input);
        return;
      }
      case undefined:
      case 'respondToQuery':
      case 'startChildWorkflowExecution':
      case 'cancelChildWorkflowExecution':
      case 'signalExternalWorkflowExecution':
      case 'cancelSignalWorkflow':
      case 'requestCancelExternalWorkflowExecution':
      case 'scheduleNexusOperation':
      case 'requestCancelNexusOperation':
        throw new Error(`the simulation does not know the command ${command.variant}`);
    }
  }

  #schedule(
    scheduled:
      | coresdk.workflow_commands.IScheduleActivity
      | coresdk.workflow_commands.IScheduleLocalActivity,
    isLocal: boolean,
  ): void {
    const { agenda, latency } = this.#host;
    const seq = scheduled.seq ?? 0;
    const open = isLocal ? this.#locals : this.#activities;
    const activity: SimulatedActivity = new SimulatedActivity(scheduled, isLocal, {
      agenda,
      latency: isLocal ? latency.local : latency.activity,
      activity: this.#host.activity(scheduled.activityType ?? ''),
      onAttempt: (attempt, input) => this.#host.onAttempt(activity, attempt, input),
      onClosed: (result) => {
        open.delete(seq);
        this.#resolve(seq, isLocal, result);
      },
    });
    open.set(seq, activity);
  }

  #resolve(seq: number, isLocal: boolean, result: Resolution): void {
    // A marker for a local activity; else one event for its start and one for its end.
    this.#events += isLocal ? 1 : 2;
    const job = { resolveActivity: { seq, isLocal, result } };
    if (isLocal) this.#localJobs.push(job);
    else this.#jobs.push(job);
  }

  #answer(response: coresdk.workflow_commands.IUpdateResponse): void {
    const update = this.#updates.get(response.protocolInstanceId ?? '');
    if (update === undefined) throw new Error('the run answered an update that nobody sent');
    if (response.accepted) {
      this.#events += 1;
      update.state = { kind: 'accepted' };
      return;
    }
    if (update.state.kind === 'accepted') this.#events += 1;
    update.state = response.rejected
      ? { kind: 'refused', message: toError(response.rejected).message }
      : { kind: 'completed', result: fromPayload(response.completed) };
  }

  async #close(): Promise<void> {
    for (const activity of this.openActivities) activity.abandon();
    for (const withdraw of this.#timers.values()) withdraw();
    for (const update of this.#updates.values()) {
      if (update.state.kind === 'sent' || update.state.kind === 'accepted') {
        update.state = { kind: 'lost' };
      }
    }
    this.#activities.clear();
    this.#locals.clear();
    this.#timers.clear();
    const workflow = this.#workflow;
    this.#workflow = undefined;
    await workflow?.dispose();
  }
}

/** Makes a workflow that cannot even start, such as one of a type that the bundle does not have. */
function failing(err: unknown): Workflow {
  return {
    activate: async () => ({ failed: { failure: toFailure(err) } }),
    getAndResetSinkCalls: async () => [],
    dispose: async () => undefined,
  };
}

/** Sorts jobs as the SDK's core hands them over: the start, messages, then what has ended. */
function inOrder(jobs: readonly Job[]): readonly Job[] {
  const rank = (job: Job) => {
    if (job.initializeWorkflow) return 0;
    return job.signalWorkflow || job.doUpdate ? 1 : 2;
  };
  return jobs.toSorted((one, other) => rank(one) - rank(other));
}

/** Returns the payloads of a message's arguments: none where there is no argument. */
export function argumentsOf(args: readonly unknown[]): readonly Payload[] {
  return args.map((argument) => toPayload(argument));
}
