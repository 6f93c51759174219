import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { stringify } from 'yaml';

import { ensurePostgresqlBinaries } from '../binaries/ensure-binaries.ts';
import { instanceEnvironment } from '../instance/instance-processes.ts';
import type { InstanceState } from '../instance/instance-state.ts';
import { layoutOf } from '../instance/layout.ts';
import { startDaemon } from '../instance/start-daemon.ts';
import type { ProcessIdentity } from '../process-table.ts';
import { DYNAMIC_CONFIG, HISTORY_SHARDS, SQL_PLUGIN } from './installation.ts';
import { databaseAccess, portsOf } from './postgresql.ts';

/** Its name in a list of processes. */
export const SERVER = 'temporal-server';

/** Starts the Temporal server of an installation, all its services in one process, on the PostgreSQL of the instance. */
export async function startServer(state: InstanceState): Promise<ProcessIdentity> {
  const { temporalLog: log, temporalConfig } = layoutOf(state.name);
  const dynamicConfig = join(temporalConfig, 'dynamic-config.yaml');
  mkdirSync(temporalConfig, { recursive: true });
  writeFileSync(dynamicConfig, stringify(DYNAMIC_CONFIG));
  const { [SERVER]: path } = await ensurePostgresqlBinaries();
  return await startDaemon({ path, name: SERVER }, ['--allow-no-auth', 'start'], {
    log,
    env: { ...instanceEnvironment(state.name), ...configurationOf(state, dynamicConfig) },
  });
}

/** The server brings a template of its configuration, which docker-compose.yml fills by these same variables. */
function configurationOf(state: InstanceState, dynamicConfig: string): Record<string, string> {
  const { host, port, user, password } = databaseAccess(state);
  const ports = portsOf(state);
  return {
    LOG_LEVEL: 'warn',
    BIND_ON_IP: host,
    DB: SQL_PLUGIN,
    DB_PORT: String(port),
    POSTGRES_SEEDS: host,
    POSTGRES_USER: user,
    POSTGRES_PWD: password,
    NUM_HISTORY_SHARDS: String(HISTORY_SHARDS),
    DYNAMIC_CONFIG_FILE_PATH: dynamicConfig,
    FRONTEND_GRPC_PORT: String(state.ports.temporal),
    FRONTEND_HTTP_PORT: String(ports.frontendHttp),
    FRONTEND_MEMBERSHIP_PORT: String(ports.frontendMembership),
    HISTORY_GRPC_PORT: String(ports.history),
    HISTORY_MEMBERSHIP_PORT: String(ports.historyMembership),
    MATCHING_GRPC_PORT: String(ports.matching),
    MATCHING_MEMBERSHIP_PORT: String(ports.matchingMembership),
    WORKER_GRPC_PORT: String(ports.worker),
    WORKER_MEMBERSHIP_PORT: String(ports.workerMembership),
  };
}
