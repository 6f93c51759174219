import { respond } from '../../../devcluster/sidecar/respond.ts';
import type { SidecarResponse } from '../../../devcluster/sidecar/respond.ts';
import type { SidecarCall } from '../../../devcluster/sidecar/sidecar-call.ts';
import { SidecarProcess } from '../../../devcluster/sidecar/sidecar-process.ts';
import type { TaskRun } from '../../../devcluster/sidecar/sidecar-process.ts';
import { parseSubmission } from '../../../devcluster/sidecar/submission.ts';
import type { Task } from '../../../devcluster/sidecar/task.ts';
import { Volumes } from '../../../devcluster/sidecar/volume.ts';
import { keyOf } from '../../../domain/node/node-ref.ts';
import type {
  SidecarClient,
  SidecarHealth,
  SidecarTarget,
  TaskSubmission,
} from '../../../sidecar/sidecar-client.ts';
import { SidecarError } from '../../../sidecar/sidecar-error.ts';
import type { SidecarTask } from '../../../sidecar/sidecar-task.ts';
import { readSidecarTask } from '../../../sidecar/sidecar-task.ts';

type Call = keyof SidecarClient;

export interface CallMade {
  readonly call: Call;
  readonly pod: string;
  readonly ip: string | undefined;
  /** The audience of the token that comes with it, if that has one. */
  readonly audience?: string;
  /** The id of the task. */
  readonly id?: string;
}

export const COMPLETES: TaskRun = { durationMs: 0, error: undefined };
/** A task that runs until `completeTasks`: beyond the end of any test. */
export const KEEPS_RUNNING: TaskRun = { durationMs: 86_400_000, error: undefined };

/**
 * Plays the sidecars of all pods: the simulated ones of a devcluster, asked in process. A test sees the calls to them,
 * and makes calls fail or wait.
 */
export class FakeSidecar implements SidecarClient {
  readonly calls: CallMade[] = [];
  /** The submissions that arrived, whatever became of them. */
  readonly submissions: Omit<TaskSubmission, keyof SidecarTarget>[] = [];
  /** `type id` of each task, as often as it was begun. */
  readonly begun: string[] = [];
  /** Decides how a task runs that is begun. */
  runOf: (task: Task) => TaskRun = () => COMPLETES;
  /** The failure of every call about a task. */
  outage: SidecarError | undefined;
  /** True if healthz does not answer while tasks are answered. */
  healthzIsAway = false;
  readonly #volumes = new Volumes();
  /** The processes by address. */
  readonly #processes = new Map<string, SidecarProcess>();
  readonly #lost = new Set<number>();
  readonly #answers = new Map<Call, (() => Promise<unknown> | undefined)[]>();

  /** Fails the next such call without effect. */
  refuseNext(call: Call, error: Error): void {
    this.#answerNext(call, () => Promise.reject(error));
  }

  /** Gives the nth call about a task to come, from 0, its effect, and loses the answer. */
  loseAnswer(nth: number): void {
    this.#lost.add(this.taskCalls.length + nth);
  }

  /** Never answers the next such call. */
  hangNext(call: Call): void {
    this.#answerNext(call, () => new Promise(() => undefined));
  }

  /** Does something right before the next such call, which is then answered as always. */
  beforeNext(call: Call, act: () => void): void {
    this.#answerNext(call, () => {
      act();
      return undefined;
    });
  }

  /** Restarts the process of the sidecar at this address: its gate is closed. */
  restart(ip: string): void {
    this.#processes.get(ip)?.stop();
    this.#processes.delete(ip);
  }

  /** Loses the volume, or restores an earlier one: no task is known any more. */
  forgetTasks(node: SidecarTarget['node']): void {
    this.#volumes.of(keyOf(node)).tasks.clear();
  }

  /** Restarts the process of the sidecar, and completes what has kept running, with its effect. */
  completeTasks(target: SidecarTarget): void {
    this.endTasks(target, COMPLETES);
  }

  /** Does the same with another end. */
  endTasks(target: SidecarTarget, run: TaskRun): void {
    this.runOf = () => run;
    this.restart(target.pod.ip ?? '');
    this.#processOf(target);
  }

  get taskCalls(): readonly CallMade[] {
    return this.calls.filter(({ call }) => call !== 'healthz');
  }

  callsOf(call: Call): readonly CallMade[] {
    return this.calls.filter((made) => made.call === call);
  }

  async submitTask(submission: TaskSubmission): Promise<void> {
    const { id, type, params, pod } = submission;
    this.submissions.push({ id, type, ...(params !== undefined && { params }) });
    await this.#called('submitTask', submission, id);
    const nth = this.taskCalls.length - 1;
    // Tests give tasks names for ids, where the sidecar takes UUIDs only.
    const parsed = parseSubmission(JSON.stringify({ type, params }));
    const named =
      'error' in parsed ? parsed : { ...parsed, submission: { ...parsed.submission, id } };
    const { tasks } = this.#volumes.of(keyOf(submission.node));
    const runsBefore = tasks.get(id)?.run;
    const answer = this.#ask(submission, { kind: 'submit-task', submission: named });
    if (answer.status !== 201) {
      const message = `the sidecar of pod ${pod.name} answered ${answer.status} to task ${type}`;
      throw new SidecarError({ kind: 'http', status: answer.status }, message);
    }
    if (tasks.get(id)?.run !== runsBefore) this.begun.push(`${type} ${id}`);
    this.#deliver(nth);
  }

  async getTask(task: SidecarTarget & { readonly id: string }): Promise<SidecarTask | undefined> {
    const answer = await this.#called('getTask', task, task.id);
    this.#deliver(this.taskCalls.length - 1);
    if (answer !== undefined) return answer as SidecarTask;
    const { body } = this.#ask(task, { kind: 'get-task', taskId: task.id });
    return readSidecarTask(JSON.stringify(body));
  }

  async healthz(target: SidecarTarget): Promise<SidecarHealth> {
    const answer = await this.#called('healthz', target);
    if (answer !== undefined) return answer as SidecarHealth;
    if (this.healthzIsAway) return { kind: 'unreachable', message: 'no answer within 2000 ms' };
    return this.#ask(target, { kind: 'healthz' }).status === 200 ? 'ready' : 'not-ready';
  }

  /** Answers the next question about a task with this one. */
  showNext(task: SidecarTask): void {
    this.#answerNext('getTask', () => Promise.resolve(task));
  }

  /** Makes the next healthz fail: nothing listens, or no answer comes in time. */
  unreachableNext(): void {
    this.#answerNext('healthz', () => Promise.resolve({ kind: 'unreachable', message: 'refused' }));
  }

  #ask(target: SidecarTarget, call: SidecarCall): SidecarResponse {
    return respond(this.#processOf(target), call, { storeFails: false });
  }

  #processOf({ node, pod: { ip = '' } }: SidecarTarget): SidecarProcess {
    const running = this.#processes.get(ip);
    if (running !== undefined) return running;
    const process = new SidecarProcess({
      volume: this.#volumes.of(keyOf(node)),
      runOf: (task) => this.runOf(task),
      onChange: () => undefined,
    });
    this.#processes.set(ip, process);
    return process;
  }

  #deliver(nth: number): void {
    if (!this.#lost.delete(nth)) return;
    throw new SidecarError({ kind: 'unreachable' }, 'the connection broke before the answer');
  }

  async #called(call: Call, { pod, audience }: SidecarTarget, id?: string): Promise<unknown> {
    this.calls.push({
      call,
      pod: pod.name,
      ip: pod.ip,
      // Healthz takes no token.
      ...(audience !== undefined && call !== 'healthz' && { audience }),
      ...(id !== undefined && { id }),
    });
    if (this.outage !== undefined && call !== 'healthz') throw this.outage;
    return this.#answers.get(call)?.shift()?.();
  }

  #answerNext(call: Call, answer: () => Promise<unknown> | undefined): void {
    this.#answers.set(call, [...(this.#answers.get(call) ?? []), answer]);
  }
}
