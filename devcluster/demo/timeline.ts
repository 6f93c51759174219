import { Client, Connection } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';

export interface TimedStep {
  readonly name: string;
  /** Milliseconds since the run began. */
  readonly startMs: number;
  readonly endMs: number;
}

/** The activities of a node's newest run, with their times, as its durable history has them. */
export async function timelineOf(
  temporal: { readonly address: string; readonly namespace: string },
  workflowId: string,
): Promise<readonly TimedStep[]> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const client = new Client({ connection, namespace: temporal.namespace });
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    const began = millisecondsOf(events?.[0]?.eventTime);
    const scheduled = new Map<string, { readonly name: string; readonly startMs: number }>();
    const steps: TimedStep[] = [];
    for (const event of events ?? []) {
      const at = millisecondsOf(event.eventTime) - began;
      const opened = event.activityTaskScheduledEventAttributes;
      if (opened) {
        const name = summaryOf(event.userMetadata?.summary) ?? opened.activityType?.name ?? '';
        scheduled.set(String(event.eventId), { name, startMs: at });
      }
      const closed = event.activityTaskCompletedEventAttributes;
      const step = closed && scheduled.get(String(closed.scheduledEventId));
      if (step) steps.push({ ...step, endMs: at });
    }
    return steps;
  } finally {
    await connection.close();
  }
}

/** The summary that the Web UI shows beside the activity: the name of the step. */
function summaryOf(payload: Payload | null | undefined): string | undefined {
  return payload ? defaultPayloadConverter.fromPayload<string>(payload) : undefined;
}

interface ProtoTime {
  readonly seconds?: { toString(): string } | null;
  readonly nanos?: number | null;
}

function millisecondsOf(time: ProtoTime | null | undefined): number {
  return Number(time?.seconds?.toString() ?? 0) * 1_000 + (time?.nanos ?? 0) / 1e6;
}
