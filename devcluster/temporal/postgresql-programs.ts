import { accessSync, constants, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { runProgram } from '../run-program.ts';
import type { Account } from '../run-program.ts';

/** The variable that names the folder with PostgreSQL's programs. */
const FOLDER = 'SEINODE_DEVCLUSTER_POSTGRESQL';

/** Where Debian and Ubuntu have a folder for each version, with the programs in its `bin`. */
const VERSIONS = '/usr/lib/postgresql';

/** The account that PostgreSQL's packages make. */
const ACCOUNT = 'postgres';

/** Absolute paths. */
export type PostgresqlPrograms = Readonly<Record<(typeof PROGRAMS)[number], string>>;

const PROGRAMS = ['initdb', 'postgres', 'pg_isready'] as const;

/**
 * Finds the PostgreSQL of this machine: in the folder that `SEINODE_DEVCLUSTER_POSTGRESQL` names, or the newest of the
 * system's packages.
 *
 * @throws when there is none, with what a person can do
 */
export function findPostgresql(env: NodeJS.ProcessEnv = process.env): PostgresqlPrograms {
  const named = env[FOLDER];
  const folders = named === undefined || named === '' ? packaged() : [resolve(named)];
  const folder = folders.find((each) =>
    PROGRAMS.every((program) => isExecutable(join(each, program))),
  );
  if (folder !== undefined) {
    return Object.fromEntries(
      PROGRAMS.map((program) => [program, join(folder, program)]),
    ) as PostgresqlPrograms;
  }
  throw new Error(
    named === undefined || named === ''
      ? `There is no PostgreSQL in ${VERSIONS}: install the package postgresql, or set ${FOLDER} to the folder that has ${PROGRAMS.join(', ')}`
      : `${FOLDER}=${named} does not have ${PROGRAMS.join(', ')}; correct or unset it`,
  );
}

/**
 * Returns the account that PostgreSQL has to run with: it refuses to run as root.
 *
 * @returns undefined for the account of this process
 */
export async function postgresqlAccount(): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const number = async (option: string): Promise<number> =>
    Number(await runProgram('id', [option, ACCOUNT], { env: process.env }));
  try {
    return { uid: await number('-u'), gid: await number('-g') };
  } catch (err) {
    throw new Error(
      `PostgreSQL refuses to run as root, and there is no account ${ACCOUNT}: make one, or start the devcluster as another user`,
      { cause: err },
    );
  }
}

/** Lists the folders of the packages, the newest version first. */
function packaged(): string[] {
  try {
    return readdirSync(VERSIONS)
      .toSorted((a, b) => Number(b) - Number(a))
      .map((version) => join(VERSIONS, version, 'bin'));
  } catch {
    return [];
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
