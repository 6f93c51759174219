import { ensurePostgresqlBinaries } from '../binaries/ensure-binaries.ts';
import { instanceEnvironment } from '../instance/instance-processes.ts';
import type { InstanceState } from '../instance/instance-state.ts';
import { runProgram } from '../run-program.ts';
import { DATABASES, SQL_PLUGIN } from './installation.ts';
import { databaseAccess } from './postgresql.ts';

/** Creates the databases of a Temporal server, with the newest schema that temporal-sql-tool knows. */
export async function createDatabases(state: InstanceState): Promise<void> {
  await Promise.all(
    Object.entries(DATABASES).map(async ([database, schema]) => {
      await sqlTool(state, database, ['create']);
      await sqlTool(state, database, ['setup-schema', '-v', '0.0']);
      await sqlTool(state, database, ['update-schema', '--schema-name', schema]);
    }),
  );
}

/** Drops the databases, and creates them again, empty. The Temporal server must not run. */
export async function emptyDatabases(state: InstanceState): Promise<void> {
  await Promise.all(
    Object.keys(DATABASES).map((database) => sqlTool(state, database, ['drop', '--force'])),
  );
  await createDatabases(state);
}

async function sqlTool(
  state: InstanceState,
  database: string,
  command: readonly string[],
): Promise<void> {
  const { host, port, user, password } = databaseAccess(state);
  const { 'temporal-sql-tool': tool } = await ensurePostgresqlBinaries();
  await runProgram(tool, ['--db', database, ...command], {
    env: {
      ...instanceEnvironment(state.name),
      SQL_PLUGIN,
      SQL_HOST: host,
      SQL_PORT: String(port),
      SQL_USER: user,
      SQL_PASSWORD: password,
    },
  });
}
