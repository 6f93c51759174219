import type { RunEvent } from '../node/run-event.ts';
import type { OpenTemporal } from './open-temporal.ts';
import { payloadText } from './payload-text.ts';
import { runEventOf } from './run-event-of.ts';

/**
 * Yields the events of a run as they come, until the run ends. The server holds each request until there is an event,
 * or for a minute; then the next request follows.
 */
export async function* followRun(
  { connection, namespace, dataConverter }: OpenTemporal,
  workflowId: string,
  runId: string,
): AsyncGenerator<RunEvent> {
  const readText = payloadText(dataConverter);
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await connection.workflowService.getWorkflowExecutionHistory({
      namespace,
      execution: { workflowId, runId },
      waitNewEvent: true,
      ...(nextPageToken && { nextPageToken }),
    });
    for (const event of page.history?.events ?? []) {
      const read = await runEventOf(event, readText);
      if (read !== undefined) yield read;
    }
    nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
  } while (nextPageToken !== undefined);
}
