import { ensurePostgresqlBinaries } from '../binaries/ensure-binaries.ts';
import { instanceEnvironment } from '../instance/instance-processes.ts';
import type { InstanceState } from '../instance/instance-state.ts';
import { runProgram } from '../run-program.ts';
import { DATABASES, SQL_PLUGIN } from './installation.ts';
import { databaseAccess } from './postgresql.ts';

/** Creates the databases of a Temporal server, with the newest schema that temporal-sql-tool knows. */
export async function createDatabases(state: InstanceState): Promise<void> {
  const sqlTool = await sqlToolOf(state);
  await Promise.all(
    Object.entries(DATABASES).map(async ([database, schema]) => {
      await sqlTool(database, ['create']);
      await sqlTool(database, ['setup-schema', '-v', '0.0']);
      await sqlTool(database, ['update-schema', '--schema-name', schema]);
    }),
  );
}

/** Drops the databases, and creates them again, empty. The Temporal server must not run. */
export async function emptyDatabases(state: InstanceState): Promise<void> {
  const sqlTool = await sqlToolOf(state);
  await Promise.all(
    Object.keys(DATABASES).map((database) => sqlTool(database, ['drop', '--force'])),
  );
  await createDatabases(state);
}

/** Returns temporal-sql-tool as it is called for a database of the instance. */
async function sqlToolOf(state: InstanceState) {
  const { host, port, user, password } = databaseAccess(state);
  const { 'temporal-sql-tool': tool } = await ensurePostgresqlBinaries();
  const env = {
    ...instanceEnvironment(state.name),
    SQL_PLUGIN,
    SQL_HOST: host,
    SQL_PORT: String(port),
    SQL_USER: user,
    SQL_PASSWORD: password,
  };
  return (database: string, command: readonly string[]): Promise<string> =>
    runProgram(tool, ['--db', database, ...command], { env });
}
