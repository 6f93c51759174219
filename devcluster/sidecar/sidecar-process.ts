import { taskFor } from './task.ts';
import type { Submission, Task } from './task.ts';
import type { Volume } from './volume.ts';

/** The course of the next run of a task. */
export interface TaskRun {
  readonly durationMs: number;
  /** The reason of its failure; undefined when it completes. */
  readonly error: string | undefined;
}

export interface SidecarProcessOptions {
  readonly volume: Volume;
  readonly runOf: (task: Task) => TaskRun;
  /** Called after the ready flag may have changed. */
  readonly onChange: () => void;
}

/**
 * One run of `seictl serve`, from the start of its container to the end. The tasks are on the volume; the ready flag is
 * in memory, so each run begins not ready, and an earlier mark-ready no longer counts.
 */
export class SidecarProcess {
  readonly volume: Volume;
  readonly #options: SidecarProcessOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #ready = false;

  /** Takes up the tasks that were running when the previous process ended. */
  constructor(options: SidecarProcessOptions) {
    this.volume = options.volume;
    this.#options = options;
    for (const task of this.volume.tasks.values()) {
      if (task.status === 'running') this.#run(task);
    }
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** Does nothing when the id is that of a task that runs or has completed. */
  submit(submission: Submission): void {
    const task = taskFor(submission, this.volume.tasks.get(submission.id), new Date());
    if (task === undefined) return;
    this.volume.tasks.set(task.id, task);
    this.#run(task);
  }

  /** @returns whether there was such a task. */
  forget(id: string): boolean {
    return this.volume.tasks.delete(id);
  }

  /** Ends the process: a running task stays so on the volume. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#ready = false;
  }

  #run(task: Task): void {
    const { durationMs, error } = this.#options.runOf(task);
    if (durationMs === 0) return this.#finish(task, error);
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#finish(task, error);
    }, durationMs);
    this.#timers.add(timer);
  }

  #finish(task: Task, error: string | undefined): void {
    // The task was deleted while it ran.
    if (!this.volume.tasks.has(task.id)) return;
    const completedAt = new Date().toISOString();
    if (error !== undefined) {
      this.volume.tasks.set(task.id, { ...task, status: 'failed', error, completedAt });
      return;
    }
    this.volume.tasks.set(task.id, { ...task, status: 'completed', completedAt });
    if (task.type === 'mark-ready') this.#ready = true;
    if (task.type === 'mark-not-ready') this.#ready = false;
    this.#options.onChange();
  }
}
