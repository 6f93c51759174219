import type { Devcluster } from '../../../devcluster/instance/devcluster.ts';
import {
  postgresqlProcessesOf,
  processesOf,
} from '../../../devcluster/instance/instance-processes.ts';
import { readInstanceState } from '../../../devcluster/instance/instance-state.ts';
import { isAlive, kill } from '../../../devcluster/process-table.ts';
import { startPostgresql } from '../../../devcluster/temporal/postgresql.ts';
import { SERVER } from '../../../devcluster/temporal/server.ts';
import { eventually } from '../eventually.ts';

/** Ends the Temporal server on PostgreSQL as the kernel does when there is no memory left. */
export async function killTemporal({ name }: Devcluster): Promise<void> {
  const servers = processesOf(name).filter(({ program }) => program === SERVER);
  if (servers.length === 0) throw new Error(`Devcluster ${name} has no ${SERVER}`);
  for (const server of servers) kill(server, 'SIGKILL');
  await eventually(`${SERVER} has ended`, () => !servers.some(isAlive));
}

/** Ends PostgreSQL as an administrator does, and starts it again, while the Temporal server runs on. */
export async function restartPostgresql({ name }: Devcluster): Promise<void> {
  // The first of its processes ends the others; to those, SIGINT means something else.
  const [first] = postgresqlProcessesOf(name).filter(({ program }) => program === 'postgres');
  if (first === undefined) throw new Error(`Devcluster ${name} has no PostgreSQL`);
  kill(first, 'SIGINT');
  await startPostgresqlAgain(name);
}

/** Kills every process of PostgreSQL at once, and starts it again, while the Temporal server runs on. */
export async function crashPostgresql({ name }: Devcluster): Promise<void> {
  for (const each of postgresqlProcessesOf(name)) kill(each, 'SIGKILL');
  await startPostgresqlAgain(name);
}

async function startPostgresqlAgain(name: string): Promise<void> {
  await eventually('PostgreSQL has ended', () => postgresqlProcessesOf(name).length === 0);
  const state = readInstanceState(name);
  if (state === undefined) throw new Error(`There is no devcluster ${name}`);
  await startPostgresql(state);
}
