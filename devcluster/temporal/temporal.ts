import { basename } from 'node:path';

import type { Binaries } from '../binaries/tool.ts';
import { processesOf } from '../instance/instance-processes.ts';
import type { InstanceState } from '../instance/instance-state.ts';
import { layoutOf } from '../instance/layout.ts';
import { waitUntil } from '../instance/wait-until.ts';
import { isAlive, kill } from '../process-table.ts';
import { DEV_SERVER, emptyFile, startDevServer } from './dev-server.ts';
import { createNamespace } from './namespace.ts';
import { initialisePostgresql, startPostgresql } from './postgresql.ts';
import { createDatabases, emptyDatabases } from './schema.ts';
import { SERVER, startServer } from './server.ts';
import { hasNamespace, hasWebUi, isServing } from './serving.ts';
import { startWebUi } from './web-ui.ts';

/** Makes the store of a new instance, and starts the Temporal server and its Web UI on it. */
export async function makeTemporal(state: InstanceState, binaries: Binaries): Promise<void> {
  if (state.temporalStore === 'postgres') {
    await initialisePostgresql(state);
    await startPostgresql(state);
    await createDatabases(state);
    await startWebUi(state);
  }
  await startTemporal(state, binaries);
}

/** Starts the Temporal server on the store that there is. Resolves when it answers for its namespace. */
export async function startTemporal(state: InstanceState, binaries: Binaries): Promise<void> {
  const onPostgresql = state.temporalStore === 'postgres';
  const server = onPostgresql ? await startServer(state) : await startDevServer(state, binaries);
  const until = (what: string, holds: () => Promise<boolean>): Promise<true> =>
    waitUntil(
      what,
      // The server takes one second on an idle machine, and on PostgreSQL some seconds, in which its services find
      // one another; on a busy one of two cores it has taken half a minute.
      { seconds: 120, everyMs: 50 },
      async () => {
        if (!isAlive(server)) {
          throw new Error(
            `Temporal ended at once; see ${basename(layoutOf(state.name).temporalLog)}`,
          );
        }
        return (await holds()) ? true : undefined;
      },
    );
  if (onPostgresql) {
    await until('An answer of the Temporal server', () => isServing(state));
    await createNamespace(state, binaries);
  }
  await until('An answer of the Temporal server for its namespace', () => hasNamespace(state));
  await until('An answer of the Web UI', () => hasWebUi(state));
}

/** Ends the Temporal server of an instance, if it has one, and waits for its end. */
export async function stopTemporal(name: string): Promise<void> {
  const servers = processesOf(name).filter(({ program }) => [DEV_SERVER, SERVER].includes(program));
  for (const server of servers) kill(server, 'SIGTERM');
  await waitUntil(
    'The end of the Temporal server',
    // The server waits up to 10 s for its own services.
    { seconds: 30, everyMs: 20 },
    () => (servers.some(isAlive) ? undefined : true),
  );
}

/** Removes all that a Temporal server has kept. The server must not run. */
export async function emptyTemporal(state: InstanceState): Promise<void> {
  if (state.temporalStore === 'postgres') await emptyDatabases(state);
  else emptyFile(state.name);
}
