import { rmSync } from 'node:fs';
import { basename } from 'node:path';

import { Connection } from '@temporalio/client';

import type { Binaries } from '../binaries/tool.ts';
import { isAlive, kill } from '../process-table.ts';
import { instanceEnvironment, processesOf } from './instance-processes.ts';
import type { InstanceState } from './instance-state.ts';
import { layoutOf } from './layout.ts';
import { startDaemon } from './start-daemon.ts';
import { waitUntil } from './wait-until.ts';

export const TEMPORAL_NAMESPACE = 'default';

/** Its name in a list of processes. */
const PROGRAM = 'temporal';

/** Halves the time from one activity to the next, as measured on 4 shared cores. */
export const DYNAMIC_CONFIG = [
  'system.enableActivityEagerExecution=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  // Otherwise the one shard of a dev server takes 20 batches of tasks a second: 40 ms for each dispatch.
  'history.transferProcessorMaxPollRPS=1000',
];

export function temporalAddress(state: InstanceState): string {
  return `127.0.0.1:${state.ports.temporal}`;
}

export function temporalUiUrl(state: InstanceState): string {
  return `http://127.0.0.1:${state.ports.temporalUi}`;
}

/** Starts the Temporal dev server with its Web UI. Resolves when it answers for its namespace. */
export async function startTemporalServer(state: InstanceState, binaries: Binaries): Promise<void> {
  const layout = layoutOf(state.name);
  const server = await startDaemon(
    { path: binaries.temporal, name: PROGRAM },
    [
      'server',
      'start-dev',
      '--headless=false',
      '--log-level=warn',
      '--ip=127.0.0.1',
      `--port=${state.ports.temporal}`,
      `--ui-port=${state.ports.temporalUi}`,
      ...DYNAMIC_CONFIG.map((value) => `--dynamic-config-value=${value}`),
      ...(state.temporalStore === 'file' ? [`--db-filename=${layout.temporalDatabase}`] : []),
    ],
    { log: layout.temporalLog, env: instanceEnvironment(state.name) },
  );
  await waitUntil(
    'An answer of the Temporal server and its Web UI',
    // The server takes one second on an idle machine.
    { seconds: 60, everyMs: 50 },
    async () => {
      if (!isAlive(server))
        throw new Error(`Temporal ended at once; see ${basename(layout.temporalLog)}`);
      return (await answers(state)) ? true : undefined;
    },
  );
}

/** Ends the Temporal server of an instance, if it has one, and waits for its end. */
export async function stopTemporalServer(name: string): Promise<void> {
  const servers = processesOf(name).filter(({ program }) => program === PROGRAM);
  for (const server of servers) kill(server, 'SIGTERM');
  await waitUntil(
    'The end of the Temporal server',
    // The server waits up to 10 s for its own services.
    { seconds: 30, everyMs: 20 },
    () => (servers.some(isAlive) ? undefined : true),
  );
}

/** Removes the store of a server that keeps it in a file. The server must not run. */
export function emptyTemporalStore(name: string): void {
  const { temporalDatabase } = layoutOf(name);
  // SQLite keeps its journal in files beside the database.
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    rmSync(`${temporalDatabase}${suffix}`, { force: true });
  }
}

async function answers(state: InstanceState): Promise<boolean> {
  try {
    const address = temporalAddress(state);
    const connection = await Connection.connect({ address, connectTimeout: '1 second' });
    try {
      await connection.workflowService.describeNamespace({ namespace: TEMPORAL_NAMESPACE });
    } finally {
      await connection.close();
    }
    // The Web UI listens a moment later than the server.
    const page = await fetch(temporalUiUrl(state), { signal: AbortSignal.timeout(1000) });
    await page.body?.cancel();
    return page.ok;
  } catch {
    return false;
  }
}
