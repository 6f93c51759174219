import type { WorkflowSignalWithStartOptions } from '@temporalio/client';

interface UpdateOptions {
  readonly args: unknown;
}

/** Temporal as far as the client of runs sees it. */
export class FakeTemporal {
  readonly starts: { type: string; options: WorkflowSignalWithStartOptions<[unknown]> }[] = [];
  readonly signals: { workflowId: string; signal: string; observed: unknown }[] = [];
  readonly updates: { update: string; args: unknown }[] = [];
  /** The run that is open. */
  runId = 'open-run';
  status = 'RUNNING';
  /** What the next calls fail with. */
  readonly errors: Error[] = [];

  withDeadline = <T>(_: number, call: () => Promise<T>): Promise<T> => call();

  readonly workflow = {
    executeUpdateWithStart: async (update: string, options: UpdateOptions) => {
      this.updates.push({ update, args: options.args });
      this.#failOnce();
      return 'done by the run';
    },
    signalWithStart: async (type: string, options: WorkflowSignalWithStartOptions<[unknown]>) => {
      this.starts.push({ type, options });
      this.#failOnce();
      return { workflowId: options.workflowId, signaledRunId: this.runId };
    },
    getHandle: (workflowId: string) => ({
      describe: async () => {
        this.#failOnce();
        return { status: { name: this.status }, runId: this.runId };
      },
      signal: async (signal: string, observed: unknown) => {
        this.signals.push({ workflowId, signal, observed });
        this.#failOnce();
      },
    }),
  };

  #failOnce(): void {
    const error = this.errors.shift();
    if (error !== undefined) throw error;
  }
}
