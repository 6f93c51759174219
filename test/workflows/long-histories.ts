import type { Client } from '@temporalio/client';

import { ensureBinaries } from '../../devcluster/binaries/ensure-binaries.ts';
import { eventually } from '../support/eventually.ts';
import { startLocalTemporal } from '../support/servers/local-temporal.ts';
import type { SharedTemporal } from '../support/workflow/temporal.ts';
import type { WorkflowHarness } from '../support/workflow/workflow-harness.ts';

/** After this many events the server of these tests suggests that a run continue as new. */
export const SUGGESTED_EVENTS = 150;

export interface SmallHistories extends SharedTemporal {
  close(): Promise<void>;
}

/**
 * A Temporal server that suggests to continue as new after 150 events, where others do after 4,096: what
 * takes months shows in seconds.
 */
export async function smallHistories(): Promise<SmallHistories> {
  const { temporal } = await ensureBinaries();
  const limit = `limit.historyCount.suggestContinueAsNew=${SUGGESTED_EVENTS}`;
  const environment = await startLocalTemporal(temporal, [limit]);
  return {
    address: environment.address,
    namespace: environment.namespace ?? 'default',
    close: () => environment.teardown(),
  };
}

/** The fixture of such a server, for a file whose tests all need it. */
export async function openSmallHistories(
  // eslint-disable-next-line no-empty-pattern -- vitest takes from it which fixtures this one needs
  {}: object,
  { onCleanup }: { readonly onCleanup: (close: () => Promise<void>) => void },
): Promise<SharedTemporal> {
  const temporal = await smallHistories();
  onCleanup(() => temporal.close());
  return temporal;
}

/** How many events each run of a chain has, from the given one on. */
export async function historyLengths(
  client: Client,
  workflowId: string,
  firstRunId: string,
): Promise<readonly number[]> {
  const lengths: number[] = [];
  let runId: string | null | undefined = firstRunId;
  while (runId) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    lengths.push(events?.length ?? 0);
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return lengths;
}

/** As the watcher tells for days: nothing has changed, and work is still due. */
export async function resyncUntilContinued(
  harness: WorkflowHarness,
  kind: 'nodeUpdate' | 'nodeInit' = 'nodeUpdate',
): Promise<void> {
  const run = harness.client.workflow.getHandle(harness.workflowId);
  const { runId } = await run.describe();
  await eventually('the run has continued as new', async () => {
    for (let nth = 0; nth < 20; nth += 1) await harness.observe(kind, { cause: 'resync' });
    return (await run.describe()).runId !== runId;
  });
}
