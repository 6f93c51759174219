import { WorkflowNotFoundError } from '@temporalio/client';

import type { OpenTemporal } from './open-temporal.ts';

/** Returns the open run, or else the last one; undefined when Temporal retains none. */
export async function latestRunId(
  { client }: OpenTemporal,
  workflowId: string,
): Promise<string | undefined> {
  try {
    return (await client.workflow.getHandle(workflowId).describe()).runId;
  } catch (err) {
    if (err instanceof WorkflowNotFoundError) return undefined;
    throw err;
  }
}
