import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import { isAlive } from '../process-table.ts';
import { instanceEnvironment } from './instance-processes.ts';
import type { InstanceState } from './instance-state.ts';
import { layoutOf } from './layout.ts';
import { startDaemon } from './start-daemon.ts';
import { waitUntil } from './wait-until.ts';

/** The port that every pod of the devcluster answers on: that of kube-rbac-proxy in a real pod. */
export const SIDECAR_PORT = 8443;

/** Its name in a list of processes. */
const PROGRAM = 'simulated-sidecar';

/** The beginning of the line of its output that has its address. */
const ADMIN = 'admin=';

const MAIN = join(import.meta.dirname, '..', 'sidecar', 'main.ts');

/** Starts the process that answers for the sidecars of all pods. Resolves when it serves. */
export async function startSimulatedSidecar(state: InstanceState): Promise<void> {
  const { kubeconfig, sidecarLog: log } = layoutOf(state.name);
  const sidecar = await startDaemon({ path: process.execPath, name: PROGRAM }, [MAIN], {
    log,
    env: {
      ...instanceEnvironment(state.name),
      KUBECONFIG: kubeconfig,
      SIDECAR_CIDR: podCidr(state),
      SIDECAR_PORT: String(SIDECAR_PORT),
    },
  });
  await waitUntil(
    'The start of the simulated sidecar',
    // Node, the Kubernetes client and a first list take about a second.
    { seconds: 30, everyMs: 20 },
    () => {
      if (linesOf(log).includes('ready')) return true;
      if (!isAlive(sidecar)) {
        throw new Error(`The simulated sidecar ended at once; see ${basename(log)}`);
      }
      return undefined;
    },
  );
}

/** Returns the loopback addresses of an instance's pods. */
export function podCidr({ block }: InstanceState): string {
  return `127.${block}.0.0/16`;
}

/**
 * Returns the address at which the simulated sidecar takes orders from tests: faults, restarts, its journal.
 *
 * @throws when it has not been started
 */
export function sidecarAdminUrl({ name }: InstanceState): string {
  const { sidecarLog: log } = layoutOf(name);
  const url = linesOf(log)
    .find((line) => line.startsWith(ADMIN))
    ?.slice(ADMIN.length);
  if (url === undefined)
    throw new Error(`The simulated sidecar has not said its address in ${log}`);
  return url;
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n');
}
