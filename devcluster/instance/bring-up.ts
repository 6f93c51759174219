import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { ensureBinaries, ensurePostgresqlBinaries } from '../binaries/ensure-binaries.ts';
import type { Binaries } from '../binaries/tool.ts';
import { messageOf } from '../message-of.ts';
import { onProcessEnd } from '../on-process-end.ts';
import { silent } from '../progress.ts';
import { findPostgresql, postgresqlAccount } from '../temporal/postgresql-programs.ts';
import { makeTemporal } from '../temporal/temporal.ts';
import { clusterObjects } from './cluster-objects.ts';
import { startControlPlane } from './control-plane.ts';
import type { BringUpOptions, Devcluster } from './devcluster.ts';
import { endProcesses, eraseInstance } from './instance-processes.ts';
import { writeInstanceState } from './instance-state.ts';
import type { InstanceState } from './instance-state.ts';
import { kubectlFor } from './kubectl.ts';
import { failureLogs, layoutOf } from './layout.ts';
import { missingPrograms } from './missing-programs.ts';
import { openDevcluster } from './open-devcluster.ts';
import { reserveInstance } from './reserve-instance.ts';
import { podCidr, startSimulatedSidecar } from './simulated-sidecar.ts';
import { waitForNodes } from './wait-for-nodes.ts';

/** Objects that belong to the stages, such as admission policies. */
const CLUSTER_MANIFESTS = join(import.meta.dirname, '..', 'stages', 'cluster');

/**
 * Brings a devcluster up: a real Kubernetes control plane whose pods are played by kwok and a simulated sidecar, and a
 * real Temporal server with its Web UI.
 *
 * Takes about 5 s when the binaries are in the cache. Takes down what it has started if anything fails, or if this
 * process ends before it is up.
 */
export async function bringUp(options: BringUpOptions): Promise<Devcluster> {
  const { name, lifetime = 'owned', temporalStore = 'memory', progress = silent } = options;
  const { auditPolicy } = options;
  if (temporalStore === 'postgres') {
    // Before anything is built: nobody should wait for minutes to learn that it was in vain.
    findPostgresql();
    await postgresqlAccount();
  }
  const binaries = await ensureBinaries({ progress });
  if (temporalStore === 'postgres') await ensurePostgresqlBinaries({ progress });
  const state = await reserveInstance({ name, lifetime, temporalStore });
  const forget = onProcessEnd(() => eraseInstance(name));
  const activity = progress.start(`Starting devcluster ${name}`);
  const starts = [startKubernetes(state, binaries, auditPolicy)];
  if (temporalStore !== 'none') starts.push(makeTemporal(state, binaries));
  try {
    await Promise.all(starts);
    const [missing] = missingPrograms(state);
    if (missing !== undefined) throw new Error(`${missing} ended at once; see ${missing}.log`);
    const running: InstanceState = { ...state, phase: 'running' };
    writeInstanceState(running);
    if (lifetime === 'kept') forget();
    activity.end();
    return openDevcluster(running, binaries, forget);
  } catch (err) {
    // The other start fails now too; only then is it certain that nothing else starts.
    endProcesses(name);
    await Promise.allSettled(starts);
    const logs = keepLogs(name);
    eraseInstance(name);
    forget();
    activity.end('failed');
    const message = `Devcluster ${name} could not be started: ${messageOf(err)}`;
    throw new Error(logs === undefined ? message : `${message}. Its logs are in ${logs}`, {
      cause: err,
    });
  }
}

/** @returns the place to which it has moved them; undefined if there are none */
function keepLogs(name: string): string | undefined {
  const kept = failureLogs(name);
  rmSync(kept, { recursive: true, force: true });
  const { logs } = layoutOf(name);
  if (!existsSync(logs)) return undefined;
  cpSync(logs, kept, { recursive: true });
  return kept;
}

async function startKubernetes(
  state: InstanceState,
  binaries: Binaries,
  auditPolicy: string | undefined,
): Promise<void> {
  await startControlPlane(state, binaries, auditPolicy);
  await Promise.all([startSimulatedSidecar(state), makeRoomForPods(state, binaries)]);
}

async function makeRoomForPods(state: InstanceState, binaries: Binaries): Promise<void> {
  const kubectl = kubectlFor(state, binaries);
  await kubectl(['create', '-f', '-', '-f', CLUSTER_MANIFESTS], {
    input: JSON.stringify(clusterObjects(podCidr(state))),
  });
  await waitForNodes(kubectl);
}
