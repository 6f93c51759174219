import { join } from 'node:path';

import { cacheDirectory } from '../cache-directory.ts';

/** Files and folders of one instance. */
export interface Layout {
  readonly directory: string;
  readonly stateFile: string;
  readonly kubeconfig: string;
  readonly kwokctlConfig: string;
  readonly logs: string;
  readonly temporalLog: string;
  readonly sidecarLog: string;
  readonly auditLog: string;
  readonly temporalDatabase: string;
  readonly webUiLog: string;
  /** Folder with the configuration of a Temporal server that keeps its state in PostgreSQL, and of its Web UI. */
  readonly temporalConfig: string;
  readonly postgresqlLog: string;
  /** Folder that the account of PostgreSQL owns. */
  readonly postgresql: string;
  readonly postgresqlData: string;
  readonly postgresqlPassword: string;
}

export function instancesDirectory(): string {
  return join(cacheDirectory(), 'devcluster');
}

/** Returns the place that keeps the logs of an instance which could not be started. */
export function failureLogs(name: string): string {
  return join(cacheDirectory(), 'devcluster-failures', name);
}

export function layoutOf(name: string): Layout {
  const directory = join(instancesDirectory(), name);
  // kwokctl keeps the logs of its servers there, and the others lie beside them.
  const logs = join(directory, 'clusters', name, 'logs');
  const postgresql = join(directory, 'postgresql');
  return {
    directory,
    stateFile: join(directory, 'state.json'),
    kubeconfig: join(directory, 'kubeconfig'),
    kwokctlConfig: join(directory, 'kwokctl.yaml'),
    logs,
    temporalLog: join(logs, 'temporal.log'),
    sidecarLog: join(logs, 'simulated-sidecar.log'),
    // kwokctl chooses this name.
    auditLog: join(logs, 'audit.log'),
    temporalDatabase: join(directory, 'temporal.db'),
    webUiLog: join(logs, 'ui-server.log'),
    temporalConfig: join(directory, 'temporal'),
    postgresqlLog: join(logs, 'postgresql.log'),
    postgresql,
    postgresqlData: join(postgresql, 'data'),
    postgresqlPassword: join(postgresql, 'password'),
  };
}
