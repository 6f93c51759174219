import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { parseAllDocuments } from 'yaml';

import type { Devcluster } from '../../../devcluster/instance/devcluster.ts';
import { render } from '../../deploy/installation.ts';
import type { Manifest } from '../../deploy/manifest.ts';
import { readAdmin } from '../servers/api-proxy.ts';
import type { OperatorRole } from './operator-process.ts';
import { writeTokenKubeconfig } from './token-kubeconfig.ts';
import { untilRefused } from './until-refused.ts';

/** The namespace in which docs/install.md installs the operator, with its accounts. */
export const SYSTEM = 'seinode-system';

/** The settings of docs/install.md: the account of nodes is that of the admission policies. */
export const SHIPPED_SETTINGS = { SEI_SERVICE_ACCOUNT: 'seid-node' } as const;

/** The label of a namespace whose worker somebody runs with their own rights, as at a desk. */
export const RUN_BY_HAND = { 'seinode.test/worker': 'by-hand' } as const;

/** Longer than any run of the tests. */
const TOKENS_FOR = '24h';

const LEASE_ROLE = fileURLToPath(
  new URL('../../../deploy/base/watcher-lease-role.yaml', import.meta.url),
);

/** Kinds of an installation that are not applied, since its processes run elsewhere. */
const NEVER_RUN = new Set(['Deployment', 'PodDisruptionBudget', 'NetworkPolicy']);

/**
 * Installs what `deploy/` gives an operator that serves the whole cluster: accounts, roles, and the component
 * `admission`. The processes of the tests run with these rights, and with no others.
 */
export async function installShippedRights(cluster: Devcluster): Promise<void> {
  const directory = await mkdtemp(path.join(tmpdir(), 'seinode-rights-'));
  try {
    const { all } = await render({
      cluster,
      mode: 'cluster-wide',
      namespace: SYSTEM,
      settings: {},
      components: ['admission'],
      directory,
    });
    const items = all.filter(({ kind }) => !NEVER_RUN.has(kind)).map(sparingDesks);
    await cluster.kubectl(['apply', '--server-side', '-f', '-'], { input: listOf(items) });
  } finally {
    await rm(directory, { recursive: true });
  }
  await Promise.all([writeKubeconfig(cluster, 'worker'), writeKubeconfig(cluster, 'watcher')]);
  await untilInForce(cluster);
}

/** Creates what docs/install.md has beside the nodes: their account, and a Lease for the watchers of this namespace. */
export async function serveNamespace(cluster: Devcluster, namespace: string): Promise<void> {
  const lease = parseAllDocuments(await readFile(LEASE_ROLE, 'utf8')).map(
    (document) => document.toJS() as object,
  );
  const items = lease.map((each) =>
    'subjects' in each
      ? { ...each, subjects: [{ ...subjectOf('watcher'), namespace: SYSTEM }] }
      : each,
  );
  const account = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: SHIPPED_SETTINGS.SEI_SERVICE_ACCOUNT },
  };
  await cluster.kubectl(['--namespace', namespace, 'apply', '--server-side', '-f', '-'], {
    input: listOf([account, ...items]),
  });
}

/** Returns the environment that makes a process of the role what the installation makes it. */
export function shippedEnvironment(
  cluster: Devcluster,
  role: OperatorRole,
): Record<string, string> {
  return {
    KUBECONFIG: kubeconfigOf(cluster, role),
    // The namespace of the pod itself, which the kubelet mounts.
    SEINODE_SIDECAR_ACCOUNT: `${SYSTEM}/seinode-sidecar-client`,
  };
}

/** A path. */
function kubeconfigOf({ kubeconfigPath }: Devcluster, role: OperatorRole): string {
  return `${kubeconfigPath}.${role}`;
}

/** For kubectl's `--as`. */
export function userOf(role: OperatorRole): string {
  return `system:serviceaccount:${SYSTEM}:${subjectOf(role).name}`;
}

function subjectOf(role: OperatorRole) {
  return { kind: 'ServiceAccount', name: `seinode-${role}` };
}

function listOf(items: readonly object[]): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
}

/** Leaves the status to the account alone, except where somebody runs a worker by hand. */
function sparingDesks(object: Manifest): object {
  if (object.kind !== 'ValidatingAdmissionPolicyBinding') return object;
  if (object.metadata.name !== 'seinode-status') return object;
  const matchExpressions = Object.entries(RUN_BY_HAND).map(([key, value]) => ({
    key,
    operator: 'NotIn',
    values: [value],
  }));
  const { spec, ...rest } = object as Manifest & { readonly spec: object };
  return {
    ...rest,
    spec: { ...spec, matchResources: { namespaceSelector: { matchExpressions } } },
  };
}

async function writeKubeconfig(cluster: Devcluster, role: OperatorRole): Promise<void> {
  const { name } = subjectOf(role);
  const create = ['--namespace', SYSTEM, 'create', 'token', name, `--duration=${TOKENS_FOR}`];
  const token = (await cluster.kubectl(create)).trim();
  const admin = await readAdmin(cluster.kubeconfigPath);
  await writeTokenKubeconfig(kubeconfigOf(cluster, role), admin, { token });
}

/** Waits until the API server obeys a policy, a moment after it is there. */
async function untilInForce(cluster: Devcluster): Promise<void> {
  const secret = (secretName: string) => ({ secret: { secretName } });
  const node = {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNode',
    metadata: { name: 'thief', namespace: 'default' },
    spec: {
      chainId: 'c',
      image: 'sei:v1',
      validator: { signingKey: secret('seinode-temporal'), nodeKey: secret('p2p') },
    },
  };
  const attempt = ['create', '--dry-run=server', '-f', '-'];
  await untilRefused(
    'the admission policies are in force',
    () => cluster.kubectl(attempt, { input: JSON.stringify(node) }),
    "is the operator's",
  );
}
