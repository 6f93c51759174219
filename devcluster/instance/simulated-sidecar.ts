import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { instanceEnvironment } from './instance-processes.ts';
import type { InstanceState } from './instance-state.ts';
import { layoutOf } from './layout.ts';
import { isAlive } from './process-table.ts';
import { startDaemon } from './start-daemon.ts';
import { waitUntil } from './wait-until.ts';

/** The port that every pod of the devcluster answers on: that of kube-rbac-proxy in a real pod. */
export const SIDECAR_PORT = 8443;

const MAIN = join(import.meta.dirname, '..', 'sidecar', 'main.ts');

/** Starts the process that answers for the sidecars of all pods. Resolves when it serves. */
export async function startSimulatedSidecar(state: InstanceState): Promise<void> {
  if (!existsSync(MAIN)) return;
  const layout = layoutOf(state.name);
  const sidecar = await startDaemon(process.execPath, [MAIN], {
    name: 'sidecar',
    logs: layout.logs,
    env: {
      ...instanceEnvironment(state.name),
      KUBECONFIG: layout.kubeconfig,
      SIDECAR_CIDR: podCidr(state),
      SIDECAR_PORT: String(SIDECAR_PORT),
    },
  });
  await waitUntil(
    'The start of the simulated sidecar',
    // Node, the Kubernetes client and a first list take about a second.
    { seconds: 30, everyMs: 20, hint: () => `see ${sidecar.log}` },
    () => {
      if (readFileSync(sidecar.log, 'utf8').split('\n').includes('ready')) return true;
      if (!isAlive(sidecar.process)) {
        throw new Error(`The simulated sidecar ended at once; see ${sidecar.log}`);
      }
      return undefined;
    },
  );
}

/** The loopback addresses that the pods of an instance have. */
export function podCidr({ block }: InstanceState): string {
  return `127.${block}.0.0/16`;
}
