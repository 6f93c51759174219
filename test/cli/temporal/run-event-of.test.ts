import { encode } from '@temporalio/common/lib/encoding.js';
import { describe, expect, it } from 'vitest';

import { payloadText } from '../../../cli/temporal/payload-text.ts';
import type { HistoryEvent } from '../../../cli/temporal/run-event-of.ts';
import { runEventOf } from '../../../cli/temporal/run-event-of.ts';

const readText = payloadText(undefined);

async function read(event: object) {
  const { id: _, atMs: __, ...detail } = (await runEventOf(event as HistoryEvent, readText)) ?? {};
  return detail;
}

function payload(text: string) {
  return {
    metadata: { encoding: encode('json/plain') },
    data: encode(JSON.stringify(text)),
  };
}

describe('what an event of a history says', () => {
  it('has the name of the step from the summary, or else the type of the activity', async () => {
    const scheduled = {
      activityTaskScheduledEventAttributes: { activityType: { name: 'markReady' } },
    };
    const summary = payload('mark-ready');
    expect(await read({ ...scheduled, userMetadata: { summary } })).toEqual({
      kind: 'step-scheduled',
      step: 'mark-ready',
    });
    const unreadable = { metadata: { encoding: encode('binary/encrypted') }, data: encode('x') };
    for (const userMetadata of [undefined, { summary: unreadable }]) {
      expect(await read({ ...scheduled, userMetadata })).toMatchObject({ step: 'markReady' });
    }
  });

  it('has the cause of a failed step, which Temporal wraps', async () => {
    const failure = { message: 'activity failed', cause: { message: 'quota' } };
    const attributes = { scheduledEventId: 5, failure };
    expect(await read({ activityTaskFailedEventAttributes: attributes })).toEqual({
      kind: 'step-ended',
      scheduled: '5',
      how: 'failed',
      message: 'quota',
    });
  });

  it('shows an attempt only when one before it has failed', async () => {
    const started = { scheduledEventId: 5, attempt: 3 };
    expect(await read({ activityTaskStartedEventAttributes: started })).toEqual({});
    const lastFailure = { message: 'conflict' };
    const again = { activityTaskStartedEventAttributes: { ...started, lastFailure } };
    expect(await read(again)).toEqual({
      kind: 'step-retried',
      scheduled: '5',
      attempt: 3,
      message: 'conflict',
    });
  });

  it.each([
    ['workflowExecutionCompletedEventAttributes', {}, { how: 'completed' }],
    ['workflowExecutionCanceledEventAttributes', {}, { how: 'cancelled' }],
    ['workflowExecutionTimedOutEventAttributes', {}, { how: 'timed out' }],
    ['workflowExecutionContinuedAsNewEventAttributes', {}, { how: 'continued as new' }],
    [
      'workflowExecutionTerminatedEventAttributes',
      { reason: 'x' },
      { how: 'terminated', message: 'x' },
    ],
    [
      'workflowExecutionFailedEventAttributes',
      { failure: { message: 'x' } },
      { how: 'failed', message: 'x' },
    ],
  ])('knows how a run ended: %s', async (attributes, value, end) => {
    expect(await read({ [attributes]: value })).toEqual({ kind: 'run-ended', ...end });
  });

  it('shows messages, and those that were refused', async () => {
    const signal = (signalName: string) =>
      read({ workflowExecutionSignaledEventAttributes: { signalName } });
    expect(await signal('retry')).toEqual({ kind: 'signalled', name: 'retry' });
    // The watcher sends this signal every minute.
    expect(await signal('observed')).toEqual({});
    const acceptedRequest = { input: { name: 'pause' } };
    const accepted = { workflowExecutionUpdateAcceptedEventAttributes: { acceptedRequest } };
    expect(await read(accepted)).toEqual({ kind: 'update-accepted', name: 'pause' });
    const outcome = { failure: { message: 'not held' } };
    const refused = { workflowExecutionUpdateCompletedEventAttributes: { outcome } };
    expect(await read(refused)).toEqual({ kind: 'update-refused', message: 'not held' });
  });

  it("leaves out Temporal's own affairs", async () => {
    const event = { eventId: 3, workflowTaskScheduledEventAttributes: {} };
    expect(await runEventOf(event as unknown as HistoryEvent, readText)).toBeUndefined();
  });
});
