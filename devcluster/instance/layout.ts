import { join } from 'node:path';

import { cacheDirectory } from '../cache-directory.ts';

/** Files and folders of one instance. */
export interface Layout {
  readonly directory: string;
  readonly stateFile: string;
  readonly kubeconfig: string;
  readonly kwokctlConfig: string;
  readonly logs: string;
  readonly temporalDatabase: string;
  readonly auditLog: string;
}

export function instancesDirectory(): string {
  return join(cacheDirectory(), 'devcluster');
}

export function layoutOf(name: string): Layout {
  const directory = join(instancesDirectory(), name);
  return {
    directory,
    stateFile: join(directory, 'state.json'),
    kubeconfig: join(directory, 'kubeconfig'),
    kwokctlConfig: join(directory, 'kwokctl.yaml'),
    logs: join(directory, 'logs'),
    temporalDatabase: join(directory, 'temporal.db'),
    // kwokctl keeps each cluster's logs in its own work directory.
    auditLog: join(directory, 'clusters', name, 'logs', 'audit.log'),
  };
}
