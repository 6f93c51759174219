import { keyOf } from '../../../domain/node-ref.ts';
import type {
  SidecarClient,
  SidecarHealth,
  SidecarTarget,
  TaskSubmission,
} from '../../../sidecar/sidecar-client.ts';
import { SidecarError } from '../../../sidecar/sidecar-error.ts';
import type { SidecarTask } from '../../../sidecar/sidecar-task.ts';

type Call = keyof SidecarClient;

export interface SidecarCall {
  readonly call: Call;
  readonly pod: string;
  readonly ip: string | undefined;
  /** Of the token that comes with it, if it is one for an audience. */
  readonly audience?: string;
  /** Of the task. */
  readonly id?: string;
}

/** How a task ends that is begun. */
export type TaskOutcome =
  | { readonly kind: 'completes' }
  | { readonly kind: 'keeps-running' }
  | { readonly kind: 'fails'; readonly error: string };

/**
 * The sidecars of all pods, with the traps of the real one: tasks are kept on the node's volume, where
 * they outlive the pod, but the gate that mark-ready opens is kept in memory and closes with every
 * restart; and an id that runs or has completed is accepted without effect.
 */
export class FakeSidecar implements SidecarClient {
  readonly calls: SidecarCall[] = [];
  /** `type id` of each task that was begun, as often as it was. */
  readonly begun: string[] = [];
  outcomeOf: (submission: TaskSubmission) => TaskOutcome = () => ({ kind: 'completes' });
  /** What every call about a task fails with. */
  outage: SidecarError | undefined;
  /** Whether healthz does not answer while tasks are answered. */
  healthzIsAway = false;
  readonly #volumes = new Map<string, Map<string, SidecarTask>>();
  readonly #openGates = new Set<string>();
  readonly #lost = new Set<number>();
  readonly #answers = new Map<Call, (() => Promise<unknown> | undefined)[]>();

  /** The next such call fails without effect. */
  refuseNext(call: Call, error: Error): void {
    this.#answerNext(call, () => Promise.reject(error));
  }

  /** The nth call about a task to come, from 0, has its effect, but the caller never hears of it. */
  loseAnswer(nth: number): void {
    this.#lost.add(this.taskCalls.length + nth);
  }

  /** The next such call is never answered. */
  hangNext(call: Call): void {
    this.#answerNext(call, () => new Promise(() => undefined));
  }

  /** Something happens right before the next such call, which is then answered as always. */
  beforeNext(call: Call, act: () => void): void {
    this.#answerNext(call, () => {
      act();
      return undefined;
    });
  }

  /** The process of the sidecar at this address starts anew: its gate is closed. */
  restart(ip: string): void {
    this.#openGates.delete(ip);
  }

  /** The volume is lost or restored from before: no task is known any more. */
  forgetTasks(node: SidecarTarget['node']): void {
    this.#volumes.delete(keyOf(node));
  }

  /** The tasks that have kept running complete, with their effect. */
  completeTasks({ node, pod }: SidecarTarget): void {
    for (const task of this.#tasksOf(node).values()) {
      if (task.status === 'running') this.#end(node, pod.ip, task, { kind: 'completes' });
    }
  }

  get taskCalls(): readonly SidecarCall[] {
    return this.calls.filter(({ call }) => call !== 'healthz');
  }

  callsOf(call: Call): readonly SidecarCall[] {
    return this.calls.filter((made) => made.call === call);
  }

  async submitTask(submission: TaskSubmission): Promise<void> {
    await this.#called('submitTask', submission, submission.id);
    const nth = this.taskCalls.length - 1;
    const { node, pod, id, type } = submission;
    const known = this.#tasksOf(node).get(id);
    if (known === undefined || known.status === 'failed') {
      this.begun.push(`${type} ${id}`);
      const run = (known?.run ?? 0) + 1;
      const task: SidecarTask = { id, type, status: 'running', run, error: undefined };
      this.#end(node, pod.ip, task, this.outcomeOf(submission));
    }
    this.#deliver(nth);
  }

  async getTask(task: SidecarTarget & { readonly id: string }): Promise<SidecarTask | undefined> {
    await this.#called('getTask', task, task.id);
    this.#deliver(this.taskCalls.length - 1);
    return this.#tasksOf(task.node).get(task.id);
  }

  async healthz(target: SidecarTarget): Promise<SidecarHealth> {
    const answer = await this.#called('healthz', target);
    if (answer !== undefined) return answer as SidecarHealth;
    if (this.healthzIsAway) return { kind: 'unreachable', message: 'no answer within 2000 ms' };
    return this.#openGates.has(target.pod.ip ?? '') ? 'ready' : 'not-ready';
  }

  /** The next healthz cannot be asked: nothing listens, or no answer comes in time. */
  unreachableNext(): void {
    this.#answerNext('healthz', () => Promise.resolve({ kind: 'unreachable', message: 'refused' }));
  }

  #end(
    node: SidecarTarget['node'],
    ip: string | undefined,
    task: SidecarTask,
    outcome: TaskOutcome,
  ): void {
    const tasks = this.#tasksOf(node);
    switch (outcome.kind) {
      case 'completes':
        tasks.set(task.id, { ...task, status: 'completed' });
        if (task.type === 'mark-ready' && ip !== undefined) this.#openGates.add(ip);
        return;
      case 'keeps-running':
        tasks.set(task.id, task);
        return;
      case 'fails':
        tasks.set(task.id, { ...task, status: 'failed', error: outcome.error });
        return;
    }
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

  #tasksOf(node: SidecarTarget['node']): Map<string, SidecarTask> {
    const key = keyOf(node);
    const tasks = this.#volumes.get(key) ?? new Map<string, SidecarTask>();
    this.#volumes.set(key, tasks);
    return tasks;
  }
}
