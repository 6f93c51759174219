import { rmSync } from 'node:fs';

import type { Binaries } from '../binaries/tool.ts';
import { instanceEnvironment } from '../instance/instance-processes.ts';
import type { InstanceState } from '../instance/instance-state.ts';
import { layoutOf } from '../instance/layout.ts';
import { startDaemon } from '../instance/start-daemon.ts';
import type { ProcessIdentity } from '../process-table.ts';

/** Its name in a list of processes. */
export const DEV_SERVER = 'temporal';

/** Settings that halve the time from one activity to the next, as measured on 4 shared cores. */
export const DYNAMIC_CONFIG = [
  'system.enableActivityEagerExecution=true',
  'matching.numTaskqueueReadPartitions=1',
  'matching.numTaskqueueWritePartitions=1',
  // Otherwise the one shard of a dev server takes 20 batches of tasks a second: 40 ms for each dispatch.
  'history.transferProcessorMaxPollRPS=1000',
];

/** Starts the Temporal dev server with its Web UI. */
export async function startDevServer(
  state: InstanceState,
  binaries: Binaries,
): Promise<ProcessIdentity> {
  const layout = layoutOf(state.name);
  return await startDaemon(
    { path: binaries.temporal, name: DEV_SERVER },
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
}

/** Removes the store of a server that keeps it in a file. The server must not run. */
export function emptyFile(name: string): void {
  const { temporalDatabase } = layoutOf(name);
  // SQLite keeps its journal in files beside the database.
  for (const suffix of ['', '-wal', '-shm', '-journal']) {
    rmSync(`${temporalDatabase}${suffix}`, { force: true });
  }
}
