import type { WorkflowHandle } from '@temporalio/client';
import type { Payload } from '@temporalio/common';

import { OBSERVED_SIGNAL } from '../../domain/run/node-run.ts';
import type { RunEvent, RunEventDetail } from '../node/run-event.ts';
import { millisecondsOf } from './proto-time.ts';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
export type HistoryEvent = NonNullable<NonNullable<History['events']>[number]>;

/** Reads the text that a payload holds; undefined when it cannot. */
export type ReadText = (payload: Payload | null | undefined) => Promise<string | undefined>;

/** Turns an event of a history into one that people want to know; undefined for one that only Temporal cares about. */
export async function runEventOf(
  event: HistoryEvent,
  readText: ReadText,
): Promise<RunEvent | undefined> {
  const detail =
    runDetail(event) ??
    (await scheduledDetail(event, readText)) ??
    stepDetail(event) ??
    messageDetail(event);
  return detail && { id: String(event.eventId), atMs: millisecondsOf(event.eventTime), ...detail };
}

function runDetail(event: HistoryEvent): RunEventDetail | undefined {
  const started = event.workflowExecutionStartedEventAttributes;
  if (started) return { kind: 'run-started', type: started.workflowType?.name ?? '' };
  if (event.workflowExecutionCompletedEventAttributes)
    return { kind: 'run-ended', how: 'completed' };
  if (event.workflowExecutionCanceledEventAttributes)
    return { kind: 'run-ended', how: 'cancelled' };
  if (event.workflowExecutionTimedOutEventAttributes)
    return { kind: 'run-ended', how: 'timed out' };
  if (event.workflowExecutionContinuedAsNewEventAttributes) {
    return { kind: 'run-ended', how: 'continued as new' };
  }
  const failed = event.workflowExecutionFailedEventAttributes;
  if (failed) return { kind: 'run-ended', how: 'failed', message: failed.failure?.message ?? '' };
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (terminated) {
    return { kind: 'run-ended', how: 'terminated', message: terminated.reason ?? '' };
  }
  return undefined;
}

async function scheduledDetail(
  event: HistoryEvent,
  readText: ReadText,
): Promise<RunEventDetail | undefined> {
  const scheduled = event.activityTaskScheduledEventAttributes;
  if (!scheduled) return undefined;
  // The summary is the name of the step, which the Web UI shows, too.
  const summary = await readText(event.userMetadata?.summary);
  return { kind: 'step-scheduled', step: summary ?? scheduled.activityType?.name ?? '' };
}

function stepDetail(event: HistoryEvent): RunEventDetail | undefined {
  const started = event.activityTaskStartedEventAttributes;
  if (started) {
    const { attempt, lastFailure, scheduledEventId } = started;
    if (!lastFailure) return undefined;
    return {
      kind: 'step-retried',
      scheduled: String(scheduledEventId),
      attempt: attempt ?? 1,
      message: lastFailure.message ?? '',
    };
  }
  const ended = (
    how: Extract<RunEventDetail, { kind: 'step-ended' }>['how'],
    by: { readonly scheduledEventId?: unknown } | null | undefined,
    message?: string | null,
  ): RunEventDetail | undefined =>
    by
      ? {
          kind: 'step-ended',
          scheduled: String(by.scheduledEventId),
          how,
          ...(message && { message }),
        }
      : undefined;
  const failed = event.activityTaskFailedEventAttributes;
  const timedOut = event.activityTaskTimedOutEventAttributes;
  return (
    ended('completed', event.activityTaskCompletedEventAttributes) ??
    ended('failed', failed, failed?.failure?.cause?.message ?? failed?.failure?.message) ??
    ended('timed out', timedOut, timedOut?.failure?.message) ??
    ended('cancelled', event.activityTaskCanceledEventAttributes)
  );
}

function messageDetail(event: HistoryEvent): RunEventDetail | undefined {
  const signalled = event.workflowExecutionSignaledEventAttributes;
  if (signalled) {
    const name = signalled.signalName ?? '';
    // The watcher sends this signal every minute of a long run; the steps show what comes of it.
    return name === OBSERVED_SIGNAL ? undefined : { kind: 'signalled', name };
  }
  const accepted = event.workflowExecutionUpdateAcceptedEventAttributes;
  if (accepted) {
    return { kind: 'update-accepted', name: accepted.acceptedRequest?.input?.name ?? '' };
  }
  const failure = event.workflowExecutionUpdateCompletedEventAttributes?.outcome?.failure;
  return failure ? { kind: 'update-refused', message: failure.message ?? '' } : undefined;
}
