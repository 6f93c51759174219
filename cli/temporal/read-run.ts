import type { RunEvent } from '../node/run-event.ts';
import type { OpenTemporal } from './open-temporal.ts';
import { payloadText } from './payload-text.ts';
import { runEventOf } from './run-event-of.ts';

/** Reads what has happened in a run so far. */
export async function readRun(
  { client, dataConverter }: OpenTemporal,
  workflowId: string,
  runId: string,
): Promise<readonly RunEvent[]> {
  const readText = payloadText(dataConverter);
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
  const read = await Promise.all((events ?? []).map((event) => runEventOf(event, readText)));
  return read.filter((event) => event !== undefined);
}
