import {
  WithStartWorkflowOperation,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';

import type { NodeRunInput } from '../../domain/node-run.ts';
import { runSummary } from '../../domain/run-summary.ts';
import type { SeiNode } from '../../domain/sei-node.ts';
import type { CommandKind, SteeringInput } from '../../domain/steering.ts';
import { runPriority } from '../../temporal/runs/run-priority.ts';
import { createSearchAttributes } from '../../temporal/runs/search-attributes.ts';
import { askTemporal, isDeadlineExceeded } from './ask-temporal.ts';
import type { OpenTemporal } from './open-temporal.ts';

export interface SteeringRequest {
  readonly node: SeiNode;
  readonly workflowId: string;
  readonly taskQueue: string;
  readonly command: CommandKind;
  readonly input: SteeringInput;
  /** How long to wait for the answer of a worker. */
  readonly timeoutSeconds: number;
}

export type SteeringAnswer =
  | { readonly kind: 'done'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string }
  /** No worker has answered in time: the message waits in the run for one. */
  | { readonly kind: 'left' };

type Run = (input: NodeRunInput) => Promise<void>;

/**
 * Steers the node by an update, which answers, and starts a run that takes it where none is open. An
 * update that no worker has taken up is lost with its caller, so it is sent again as a signal then;
 * each command finds what it asks for done already the second time.
 */
export async function steerNode(
  temporal: OpenTemporal,
  request: SteeringRequest,
): Promise<SteeringAnswer> {
  const { command, input, timeoutSeconds } = request;
  const { client } = temporal;
  const start = await startOf(temporal, request);
  return askTemporal(temporal, async () => {
    try {
      const message = await client.withDeadline(Date.now() + timeoutSeconds * 1_000, () =>
        client.workflow.executeUpdateWithStart<Run, string, [SteeringInput]>(command, {
          args: [input],
          startWorkflowOperation: new WithStartWorkflowOperation<Run>('nodeSync', {
            ...start,
            workflowIdConflictPolicy: 'USE_EXISTING',
          }),
        }),
      );
      return { kind: 'done', message };
    } catch (err) {
      if (err instanceof WorkflowUpdateFailedError) {
        return { kind: 'refused', message: err.cause?.message ?? err.message };
      }
      if (!isUnanswered(err)) throw err;
    }
    await client.workflow.signalWithStart<Run, [SteeringInput]>('nodeSync', {
      ...start,
      signal: command,
      signalArgs: [input],
    });
    return { kind: 'left' };
  });
}

/** The run that takes the message where none is open: it finds by itself what is due then. */
async function startOf(
  { connection, namespace }: OpenTemporal,
  { node, workflowId, taskQueue, command, input }: SteeringRequest,
) {
  const { namespace: of, name, uid } = node.metadata;
  const nowhere = () => undefined;
  const silent = { debug: nowhere, info: nowhere, warn: nowhere, error: nowhere };
  const searchAttributes = createSearchAttributes({ connection }, namespace, silent);
  await searchAttributes.register();
  const typedSearchAttributes = searchAttributes.of(node);
  const args: [NodeRunInput] = [{ node: { namespace: of, name, uid } }];
  return {
    workflowId,
    taskQueue,
    args,
    priority: runPriority(node.metadata),
    staticSummary: runSummary(`${of}/${name}: ${command} by ${input.actor}`),
    ...(typedSearchAttributes !== undefined && { typedSearchAttributes }),
  };
}

function isUnanswered(err: unknown): boolean {
  return err instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isDeadlineExceeded(err);
}
