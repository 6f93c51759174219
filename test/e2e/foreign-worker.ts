import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';

import { grpcMessageOf } from '../../temporal/grpc-status.ts';

const { CommandType } = proto.temporal.api.enums.v1;

export interface AskedActivity {
  readonly name: string;
  readonly input: unknown;
}

/** The end of an activity: an answer, or the type of its failure. */
export type ActivityEnd =
  | { readonly kind: 'answered'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly type: string; readonly message: string };

/** Longer than the server keeps a poll that finds nothing. */
const LONG_POLL_MS = 90_000;

type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;

/** The worker schedules activities with a time in which they may write, and once. */
const ATTEMPT = msToTs('1 minute');

/**
 * Runs a worker of somebody who may write to the Temporal namespace, and has nothing else: it serves a queue of its
 * own, on which it starts a workflow that schedules activities on another's queue.
 *
 * @returns the end of each of them, in their order
 */
export async function askFromOutside(
  temporal: Client,
  workflowId: string,
  queue: string,
  asked: readonly AskedActivity[],
): Promise<readonly ActivityEnd[]> {
  const { namespace } = temporal.options;
  const taskQueue = { name: `foreign-${workflowId}` };
  await temporal.workflow.start('foreign', { workflowId, taskQueue: taskQueue.name });
  let isScheduled = false;
  for (;;) {
    const { taskToken, history } = await temporal.connection.withDeadline(
      Date.now() + LONG_POLL_MS,
      () =>
        temporal.workflowService.pollWorkflowTaskQueue({
          namespace,
          taskQueue,
          identity: 'foreign',
        }),
    );
    if (taskToken.length === 0) continue;
    const ends = endsIn(history?.events ?? [], asked.length);
    const isDone = isScheduled && ends.every((end) => end !== undefined);
    const commands = isDone
      ? [
          {
            commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
            completeWorkflowExecutionCommandAttributes: {},
          },
        ]
      : isScheduled
        ? []
        : asked.map((one, index) => schedule(one, index, queue));
    isScheduled = true;
    try {
      await temporal.workflowService.respondWorkflowTaskCompleted({
        namespace,
        taskToken,
        commands,
      });
    } catch (err) {
      // The watcher has signalled meanwhile: no workflow may end before it has seen that.
      if (isDone && grpcMessageOf(err).startsWith('UnhandledCommand')) continue;
      throw err;
    }
    if (isDone) return ends.filter((end) => end !== undefined);
  }
}

function schedule({ name, input }: AskedActivity, index: number, queue: string) {
  return {
    commandType: CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
    scheduleActivityTaskCommandAttributes: {
      activityId: String(index),
      activityType: { name },
      taskQueue: { name: queue },
      input: { payloads: [defaultPayloadConverter.toPayload(input)] },
      startToCloseTimeout: ATTEMPT,
      scheduleToCloseTimeout: ATTEMPT,
      retryPolicy: { maximumAttempts: 1 },
    },
  };
}

/** @param count of the scheduled activities; undefined stands for one that has not ended */
function endsIn(
  events: readonly HistoryEvent[],
  count: number,
): readonly (ActivityEnd | undefined)[] {
  const ends = Array.from<ActivityEnd | undefined>({ length: count });
  for (const event of events) {
    const ended = endOf(event);
    if (ended === undefined) continue;
    const scheduled = events.find(({ eventId }) => String(eventId) === ended.scheduled);
    const { activityId } = scheduled?.activityTaskScheduledEventAttributes ?? {};
    ends[Number(activityId)] = ended.end;
  }
  return ends;
}

function endOf({
  activityTaskCompletedEventAttributes: completed,
  activityTaskFailedEventAttributes: failed,
  activityTaskTimedOutEventAttributes: timedOut,
}: HistoryEvent): { readonly scheduled: string; readonly end: ActivityEnd } | undefined {
  if (completed) {
    const [payload] = completed.result?.payloads ?? [];
    const result: unknown = payload && defaultPayloadConverter.fromPayload(payload);
    return { scheduled: String(completed.scheduledEventId), end: { kind: 'answered', result } };
  }
  if (failed) {
    const { applicationFailureInfo, message } = failed.failure ?? {};
    const end = {
      kind: 'failed',
      type: applicationFailureInfo?.type ?? '',
      message: message ?? '',
    } as const;
    return { scheduled: String(failed.scheduledEventId), end };
  }
  if (timedOut) {
    const end = { kind: 'failed', type: 'timeout', message: '' } as const;
    return { scheduled: String(timedOut.scheduledEventId), end };
  }
  return undefined;
}
