import { randomUUID } from 'node:crypto';

import type { WorkflowHandleWithSignaledRunId } from '@temporalio/client';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';

import type { NodeActivities } from '../../../activities/contract/activities.ts';
import type { NodeRef } from '../../../domain/node/node-ref.ts';
import type { SteeringInput } from '../../../domain/plan/steering.ts';
import type { NodeRunInput, Observed, RunProgress } from '../../../domain/run/node-run.ts';
import { OBSERVED_SIGNAL, PROGRESS_QUERY } from '../../../domain/run/node-run.ts';
import { nodeWorkflowId } from '../../../domain/run/workflow-id.ts';
import type { WorkKind } from '../../../domain/work/due-work.ts';
import { createNodeWorkers } from '../../../worker/node-worker.ts';
import { workflowBundle } from '../../../worker/workflow-bundle.ts';
import type { SharedTemporal } from './temporal.ts';

export interface WorkflowHarness {
  readonly client: Client;
  readonly node: NodeRef;
  readonly workflowId: string;
  /** Reports as the watcher does: starts the run, or signals the open one. */
  observe(kind: WorkKind, seen?: Partial<Observed>): Promise<WorkflowHandleWithSignaledRunId>;
  /** Signals as a tool does that steers a node with no run open. */
  signalWithStart(
    kind: WorkKind,
    signal: string,
    input: SteeringInput,
  ): Promise<WorkflowHandleWithSignaledRunId>;
  progress(): Promise<RunProgress>;
  /** Ends the workers; the server and its histories stay. */
  stop(): Promise<void>;
}

/** Starts workers of a test's own, with a task queue and a node that no other test has. */
export async function workflowHarness(
  activities: NodeActivities,
  { address, namespace }: SharedTemporal,
): Promise<WorkflowHarness> {
  const taskQueue = `test-${randomUUID()}`;
  const node: NodeRef = { namespace: 'default', name: `n-${randomUUID()}`, uid: 'node-uid' };
  const workflowId = nodeWorkflowId('test', node);
  const [nativeConnection, connection] = await Promise.all([
    NativeConnection.connect({ address }),
    Connection.connect({ address }),
  ]);
  const client = new Client({ connection, namespace });
  const workers = await createNodeWorkers({
    connection: nativeConnection,
    namespace,
    taskQueue,
    bundle: await workflowBundle(),
    activities,
  });
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    client,
    node,
    workflowId,
    observe: (kind, seen = {}) =>
      client.workflow.signalWithStart<(input: NodeRunInput) => Promise<void>, [Observed]>(kind, {
        workflowId,
        taskQueue,
        args: [{ node }],
        signal: OBSERVED_SIGNAL,
        signalArgs: [{ node, generation: 2, cause: 'change', due: kind, ...seen }],
      }),
    signalWithStart: (kind, signal, input) =>
      client.workflow.signalWithStart<(input: NodeRunInput) => Promise<void>, [SteeringInput]>(
        kind,
        {
          workflowId,
          taskQueue,
          args: [{ node }],
          signal,
          signalArgs: [input],
        },
      ),
    progress: () => client.workflow.getHandle(workflowId).query<RunProgress>(PROGRESS_QUERY),
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await running;
      await Promise.all([nativeConnection.close(), connection.close()]);
    },
  };
}
