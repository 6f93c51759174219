import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';

import type { InstanceState } from '../instance/instance-state.ts';
import { TEMPORAL_NAMESPACE, temporalAddress, temporalUiUrl } from './address.ts';

/** A task queue and a workflow id that nobody has. */
const NOBODY = 'devcluster-nobody';

/** An answer takes milliseconds; whoever waits for the server asks again. */
const LONGEST_ANSWER_MS = 1_000;

/** Returns whether the server takes calls, whatever it has. */
export function isServing(state: InstanceState): Promise<boolean> {
  return answers(state, ({ workflowService }) => workflowService.getSystemInfo({}));
}

/** Returns whether all services know the namespace: each learns of a new one on its own. */
export function hasNamespace(state: InstanceState): Promise<boolean> {
  const namespace = TEMPORAL_NAMESPACE;
  return answers(state, async (connection) => {
    await connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: NOBODY } });
    const { workflow } = new Client({ connection, namespace });
    await workflow
      .getHandle(NOBODY)
      .describe()
      .catch((err: unknown) => {
        if (!(err instanceof WorkflowNotFoundError)) throw err;
      });
  });
}

/** The Web UI listens a moment later than the server. */
export async function hasWebUi(state: InstanceState): Promise<boolean> {
  try {
    const page = await fetch(temporalUiUrl(state), {
      signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
    });
    await page.body?.cancel();
    return page.ok;
  } catch {
    return false;
  }
}

async function answers(
  state: InstanceState,
  call: (connection: Connection) => Promise<unknown>,
): Promise<boolean> {
  try {
    const address = temporalAddress(state);
    const connection = await Connection.connect({ address, connectTimeout: LONGEST_ANSWER_MS });
    try {
      await call(connection);
    } finally {
      await connection.close();
    }
    return true;
  } catch {
    return false;
  }
}
