import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { V1ConfigMap, V1Deployment } from '@kubernetes/client-node';

import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import { SYSTEM } from '../support/testbed/shipped-rights.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

type Settings = Readonly<Record<string, string>>;

/** The account that docs/install.md creates for the pods of nodes. */
const OF_THE_DOCUMENTS = new Set(['SEI_SERVICE_ACCOUNT', 'SEINODE_CLUSTER_NAME']);

/** Edits the settings of `deploy/example` to fit the cluster, as docs/install.md asks its reader to. */
export async function editSettings(
  clone: string,
  cluster: Devcluster,
  more: Settings,
): Promise<void> {
  const file = path.join(clone, 'deploy', 'example', 'settings.env');
  const values: Settings = { ...cluster.env, ...more };
  const edited = readFileSync(file, 'utf8').replaceAll(/^(\w+)=.*$/gm, (line, name: string) =>
    OF_THE_DOCUMENTS.has(name) ? line : `${name}=${values[name] ?? ''}`,
  );
  await writeFile(file, edited);
}

/** Reads the settings of the Deployments of the installation. */
export async function installedSettings(cluster: Devcluster): Promise<Settings> {
  const get = async (...what: readonly string[]): Promise<unknown> =>
    JSON.parse(await cluster.kubectl(['--namespace', SYSTEM, 'get', ...what, '-o', 'json']));
  const deployment = (await get('deployment', 'seinode-worker')) as V1Deployment;
  const [container] = deployment.spec?.template.spec?.containers ?? [];
  const name = container?.envFrom?.find(({ configMapRef }) => configMapRef)?.configMapRef?.name;
  return ((await get('configmap', name ?? '')) as V1ConfigMap).data ?? {};
}

/** The election as the Deployment of the watcher has it. */
const ELECTION: Settings = {
  SEINODE_LEADER_ELECTION: 'true',
  SEINODE_LEASE_NAME: 'seinode-watcher',
  POD_NAMESPACE: SYSTEM,
};

/**
 * Runs what the pods of the installation would run: pods are simulated here. test/e2e/rbac.test.ts does so with the
 * rights of their accounts.
 *
 * @param election of the watcher; it cannot have one where the namespace of the Lease is gone
 * @returns a function that ends them
 */
export async function startInstalled(bed: Testbed, settings: Settings, election = ELECTION) {
  // The installation decides here what the testbed otherwise would.
  const ours = { SEINODE_NAMESPACE: '', SEINODE_TASK_QUEUE: '', SEINODE_CLUSTER_NAME: '' };
  const env = { ...ours, ...settings };
  const processes = await Promise.all([
    bed.start('worker', env),
    bed.start('watcher', { ...env, ...election }),
  ]);
  return async (): Promise<void> => {
    await Promise.all(processes.map((each) => each.stop('SIGTERM')));
  };
}
