import type { Client, WorkflowStartOptions } from '@temporalio/client';
import {
  WithStartWorkflowOperation,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';

import type { CommandKind, SteeringInput } from '../../domain/plan/steering.ts';
import { GrpcStatus, grpcStatusOf } from '../grpc-status.ts';

export interface SteeringRequest {
  readonly command: CommandKind;
  readonly input: SteeringInput;
  /** The time to wait for the answer of a worker. */
  readonly timeoutSeconds: number;
}

export type SteeringAnswer =
  | { readonly kind: 'done'; readonly message: string }
  | { readonly kind: 'refused'; readonly message: string }
  /** No worker has answered in time: the message waits in the run for one. */
  | { readonly kind: 'left' };

type Run<Input> = (input: Input) => Promise<void>;

/**
 * Steers an object by an update, which answers, and starts a run for it if none is open. An update that no worker has
 * taken up is lost with its caller, so it is then sent again as a signal. A command that arrives twice finds its work
 * done the second time.
 *
 * @param type of the run that is started; that run finds out on its own what is due.
 */
export async function steerRun<Input>(
  client: Client,
  type: string,
  start: WorkflowStartOptions<Run<Input>> & { readonly args: [Input] },
  { command, input, timeoutSeconds }: SteeringRequest,
): Promise<SteeringAnswer> {
  try {
    const message = await client.withDeadline(Date.now() + timeoutSeconds * 1_000, () =>
      client.workflow.executeUpdateWithStart<Run<Input>, string, [SteeringInput]>(command, {
        args: [input],
        startWorkflowOperation: new WithStartWorkflowOperation<Run<Input>>(type, {
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
  await client.workflow.signalWithStart<Run<Input>, [SteeringInput]>(type, {
    ...start,
    signal: command,
    signalArgs: [input],
  });
  return { kind: 'left' };
}

function isUnanswered(err: unknown): boolean {
  return (
    err instanceof WorkflowUpdateRPCTimeoutOrCancelledError ||
    grpcStatusOf(err) === GrpcStatus.deadlineExceeded
  );
}
