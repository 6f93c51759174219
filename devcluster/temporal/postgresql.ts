import { randomBytes } from 'node:crypto';
import { chownSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

import { instanceEnvironment } from '../instance/instance-processes.ts';
import type { InstanceState, PostgresqlPorts } from '../instance/instance-state.ts';
import { layoutOf } from '../instance/layout.ts';
import { startDaemon } from '../instance/start-daemon.ts';
import { waitUntil } from '../instance/wait-until.ts';
import { isAlive } from '../process-table.ts';
import { ProgramError, runProgram } from '../run-program.ts';
import type { Account } from '../run-program.ts';
import { MAX_CONNECTIONS } from './installation.ts';
import { findPostgresql, postgresqlAccount } from './postgresql-programs.ts';
import type { PostgresqlPrograms } from './postgresql-programs.ts';

/** A superuser, as in docker-compose.yml: the schema of the visibility needs an extension. */
const USER = 'temporal';

/**
 * The data folder and the password file, as open files: the account of PostgreSQL may have no way to them by their paths,
 * which begin in somebody's home.
 */
const DATA = '/proc/self/fd/3';
const PASSWORD = '/proc/self/fd/4';

/** Enough to connect to the databases of an instance. */
export interface DatabaseAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** Makes the data folder of an instance, with a password of its own. */
export async function initialisePostgresql({ name }: InstanceState): Promise<void> {
  const { postgresql, postgresqlData, postgresqlPassword } = layoutOf(name);
  const account = await postgresqlAccount();
  for (const folder of [postgresql, postgresqlData]) mkdirSync(folder, { mode: 0o700 });
  writeFileSync(postgresqlPassword, randomBytes(24).toString('hex'), { mode: 0o600 });
  for (const path of [postgresql, postgresqlData, postgresqlPassword]) own(path, account);
  const args = [
    `--pgdata=${DATA}`,
    `--username=${USER}`,
    `--pwfile=${PASSWORD}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale=C',
    // The data is thrown away with the instance.
    '--no-sync',
  ];
  await withFiles([postgresqlData, postgresqlPassword], async (files) => {
    await runProgram(findPostgresql().initdb, args, { ...surroundings(name), files, account });
  });
}

/** Starts the PostgreSQL of an instance. Resolves when it takes connections. */
export async function startPostgresql(state: InstanceState): Promise<void> {
  const { postgresqlData, postgresqlLog: log } = layoutOf(state.name);
  const programs = findPostgresql();
  const { env, cwd } = surroundings(state.name);
  const account = await postgresqlAccount();
  const server = await withFiles([postgresqlData], (files) =>
    startDaemon(
      // PostgreSQL finds its libraries by the path by which it was called.
      { path: programs.postgres, name: programs.postgres },
      ['-D', DATA, ...settingsOf(state)],
      { log, env, cwd, files, account },
    ),
  );
  await waitUntil(
    'A start of PostgreSQL',
    // It takes 0.1 s; after a crash it first reads what was written since the last checkpoint, a few minutes' worth.
    { seconds: 60, everyMs: 20 },
    async () => {
      if (!isAlive(server)) throw new Error(`PostgreSQL ended at once; see ${basename(log)}`);
      return (await takesConnections(state, programs, env)) ? true : undefined;
    },
  );
}

export function databaseAccess(state: InstanceState): DatabaseAccess {
  return {
    host: '127.0.0.1',
    port: portsOf(state).postgresql,
    user: USER,
    password: readFileSync(layoutOf(state.name).postgresqlPassword, 'utf8'),
  };
}

/** @throws for an instance whose Temporal keeps its state elsewhere */
export function portsOf({ name, postgresqlPorts }: InstanceState): PostgresqlPorts {
  if (postgresqlPorts === undefined) throw new Error(`Devcluster ${name} has no PostgreSQL`);
  return postgresqlPorts;
}

function settingsOf(state: InstanceState): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: portsOf(state).postgresql,
    unix_socket_directories: '',
    max_connections: MAX_CONNECTIONS,
    // The data is thrown away with the instance. What is committed outlives PostgreSQL itself, since Linux has it by
    // then; only a power failure loses it.
    fsync: 'off',
    full_page_writes: 'off',
  };
  return Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}

async function takesConnections(
  state: InstanceState,
  { pg_isready }: PostgresqlPrograms,
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const { host, port } = databaseAccess(state);
  try {
    await runProgram(pg_isready, ['--quiet', `--host=${host}`, `--port=${port}`], { env });
    return true;
  } catch (err) {
    if (err instanceof ProgramError) return false;
    throw err;
  }
}

/** The working directory of whoever starts a devcluster may be closed to the account of PostgreSQL, too. */
function surroundings(name: string) {
  return { env: instanceEnvironment(name), cwd: '/' };
}

async function withFiles<T>(
  paths: readonly string[],
  use: (files: readonly number[]) => Promise<T>,
): Promise<T> {
  const files = paths.map((path) => openSync(path, 'r'));
  try {
    return await use(files);
  } finally {
    for (const file of files) closeSync(file);
  }
}

function own(path: string, account: Account | undefined): void {
  if (account !== undefined) chownSync(path, account.uid, account.gid);
}
