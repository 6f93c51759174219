import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { V1RoleBinding } from '@kubernetes/client-node';
import { describe, expect } from 'vitest';

import { rightsOf } from '../deploy/access.ts';
import { mayI } from '../deploy/access-review.ts';
import type { InstallationMode } from '../deploy/installation.ts';
import { install, render } from '../deploy/installation.ts';
import type { InstallationLife } from '../deploy/installation-life.ts';
import { liveThrough } from '../deploy/installation-life.ts';
import { containerOf, rightsIn } from '../deploy/manifest.ts';
import type { Testbed } from '../support/testbed.ts';
import { ownDevclusterTest } from '../support/testbed-test.ts';

const MODES = ['cluster-wide', 'namespaced'] as const satisfies readonly InstallationMode[];
type LivedMode = (typeof MODES)[number];
const ROLES = ['worker', 'watcher'] as const;

/** By the overlay that it is for: both processes live under these policies. */
const ADMISSION = {
  'cluster-wide': 'admission',
  namespaced: 'admission-namespaced',
} as const satisfies Partial<Record<InstallationMode, string>>;
/** The roles that hold in the namespace of the nodes. */
const SERVING = 'seinode-(worker|watcher|sidecar-client)';
const OF_THE_POLICY = { SEI_SERVICE_ACCOUNT: 'seid-node' };

/** Rights that no request of ours to the API server needs. */
const FOR_OTHERS = [
  // Checked by the admission of owner references, where a cluster has it.
  'update sei.io/seinodes/finalizers',
];

/** What neither process may ever do, and each that Kubernetes would let a careless role do. */
const NOBODY_MAY = [
  ['get', '', 'secrets'],
  ['list', '', 'secrets'],
  ['create', '', 'pods/exec'],
  ['delete', 'sei.io', 'seinodes'],
  ['create', 'rbac.authorization.k8s.io', 'rolebindings'],
  ['create', '', 'serviceaccounts/token'],
] as const;

/** What a restricted namespace refuses. */
const PRIVILEGED_POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'privileged' },
  spec: { containers: [{ name: 'shell', image: 'shell', securityContext: { privileged: true } }] },
};

/** A cluster of the file's own: one that serves all namespaces would take the nodes of other tests. */
const it = ownDevclusterTest('rbac', [], 'of-the-admin')
  .extend('directory', { scope: 'file' }, async ({ bed: _bed }, { onCleanup }) => {
    const directory = await mkdtemp(path.join(tmpdir(), 'seinode-rbac-'));
    onCleanup(() => rm(directory, { recursive: true }));
    return directory;
  })
  .extend(
    'lives',
    { scope: 'file' },
    async ({ bed, directory }): Promise<Record<LivedMode, InstallationLife>> => {
      const begin = async (mode: LivedMode, namespace: string, more = {}) => {
        // Where Kubernetes is, a pod is told by the kubelet.
        const { KUBECONFIG: _kubeconfig, ...env } = bed.cluster.env;
        const settings = { ...env, ...OF_THE_POLICY, SEINODE_TASK_QUEUE: mode, ...more };
        const files = path.join(directory, mode);
        const installed = { cluster: bed.cluster, mode, namespace, settings, directory: files };
        const components = [ADMISSION[mode]];
        return liveThrough(bed, await install({ ...installed, components }), mode);
      };
      await bed.kubectl(['create', 'serviceaccount', OF_THE_POLICY.SEI_SERVICE_ACCOUNT]);
      // One after the other: both serve the testbed's namespace, under policies of one name.
      const clusterWide = await begin('cluster-wide', 'seinode-system');
      const refusal = await refusalInKubeSystem(bed, clusterWide.worker.account);
      expect(refusal).toContain('writes nothing in the namespaces of Kubernetes');
      return {
        'cluster-wide': clusterWide,
        namespaced: await begin('namespaced', bed.namespace, { SEINODE_CLUSTER_NAME: 'rbac' }),
      };
    },
  );

/** What the worker of an installation that serves all namespaces is told, though RBAC would let it. */
async function refusalInKubeSystem(bed: Testbed, account: string): Promise<string> {
  const as = `--as=system:serviceaccount:${account}`;
  const create = ['create', 'configmap', 'any', '--namespace=kube-system', '--dry-run=server', as];
  return bed.cluster.kubectl(create).catch(String);
}

describe.for(MODES)('an installation that is %s', (mode) => {
  it.for(ROLES)('lets the %s do all that a node needs', (role, { lives }) => {
    const { accesses } = lives[mode][role];
    expect(accesses.filter(({ status }) => status === 401 || status === 403)).toEqual([]);
    expect(accesses.length).toBeGreaterThan(0);
  });

  it.for(ROLES)('gives the %s no right that it does not use', (role, { lives }) => {
    const { accesses, rules } = lives[mode][role];
    const used = new Set([...accesses.flatMap(rightsOf), ...FOR_OTHERS]);
    expect(rightsIn(rules).filter((right) => !used.has(right))).toEqual([]);
  });

  it.for(ROLES)('gives the %s nothing beyond its roles', async (role, { bed, lives }) => {
    const { account } = lives[mode][role];
    const { namespace } = bed;
    const rights = NOBODY_MAY.map(([verb, group, resource]) => ({
      verb,
      group,
      resource,
      namespace,
    }));
    const answers = await Promise.all(rights.map((right) => mayI(bed.cluster, account, right)));
    expect(rights.filter((_, index) => answers[index])).toEqual([]);
  });

  it('lets one account to the sidecars, and neither worker nor watcher', async ({ bed, lives }) => {
    const { namespace } = bed;
    const { worker, watcher } = lives[mode];
    const [system] = worker.account.split(':');
    for (const verb of ['get', 'create']) {
      const task = { verb, group: 'sei.io', resource: 'seinodetasks', namespace };
      expect(await mayI(bed.cluster, `${system}:seinode-sidecar-client`, task)).toBe(true);
      expect(await mayI(bed.cluster, worker.account, task)).toBe(false);
      expect(await mayI(bed.cluster, watcher.account, task)).toBe(false);
    }
  });
});

describe('an installation that is namespaced', () => {
  it.for(ROLES)('gives the %s no right in another namespace', async (role, { bed, lives }) => {
    const { account, rules } = lives.namespaced[role];
    const review = { verb: 'list', group: 'sei.io', resource: 'seinodes' };
    expect(rules.length).toBeGreaterThan(0);
    expect(await mayI(bed.cluster, account, { ...review, namespace: bed.namespace })).toBe(true);
    expect(await mayI(bed.cluster, account, { ...review, namespace: 'default' })).toBe(false);
    expect(await mayI(bed.cluster, account, { ...review, namespace: '' })).toBe(false);
  });

  it('makes nothing that belongs to no namespace, but for the policies', ({ bed, lives }) => {
    const { all } = lives.namespaced.rendered;
    const own = all.filter(({ kind }) => !kind.startsWith('ValidatingAdmissionPolicy'));
    expect(new Set(own.map(({ metadata }) => metadata.namespace))).toEqual(
      new Set([bed.namespace]),
    );
  });
});

describe('the namespace of an installation that is cluster-wide', () => {
  it('admits the pods of worker and watcher, restricted as it is', async ({
    bed,
    lives: _installed,
  }) => {
    const kubectl = (args: readonly string[], input?: object) =>
      bed.cluster.kubectl(['--namespace', 'seinode-system', ...args], {
        ...(input && { input: JSON.stringify(input) }),
      });
    for (const role of ROLES) {
      const status = await kubectl([
        'rollout',
        'status',
        `deployment/seinode-${role}`,
        '--timeout=60s',
      ]);
      expect(status).toContain('successfully rolled out');
    }
    await expect(
      kubectl(['create', '--dry-run=server', '-f', '-'], PRIVILEGED_POD),
    ).rejects.toThrow('violates PodSecurity "restricted:latest"');
  });
});

describe('an installation that serves another namespace than its own', () => {
  it('has its rights there, and its Secrets and Leases where nobody writes SeiNodes', async ({
    bed,
    directory,
  }) => {
    const served = 'nodes';
    const patch = JSON.stringify([{ op: 'replace', path: '/metadata/namespace', value: served }]);
    const rendered = await render({
      cluster: bed.cluster,
      mode: 'separate',
      namespace: undefined,
      // As docs/install.md has it.
      patches: [{ target: { kind: 'Role|RoleBinding', name: SERVING }, patch }],
      settings: {},
      directory: path.join(directory, 'separate'),
    });
    const { all } = rendered;
    const moved = all.filter(({ metadata }) => metadata.namespace === served);
    expect(new Set(moved.map(({ kind }) => kind))).toEqual(new Set(['Role', 'RoleBinding']));
    expect(moved.map(({ metadata }) => metadata.name).toSorted()).toEqual(
      ['sidecar-client', 'sidecar-client', 'watcher', 'watcher', 'worker', 'worker'].map(
        (name) => `seinode-${name}`,
      ),
    );
    const subjects = (all as V1RoleBinding[]).flatMap((each) => each.subjects ?? []);
    expect(new Set(subjects.map(({ namespace }) => namespace))).toEqual(
      new Set(['seinode-system']),
    );
    for (const role of ROLES) {
      const { env } = containerOf(rendered.deployment(`seinode-${role}`));
      const variable = env?.find(({ name }) => name === 'SEINODE_NAMESPACE');
      expect(variable?.valueFrom?.configMapKeyRef?.key).toBe('SEINODE_NAMESPACE');
    }
  });
});

describe.for(MODES)('the component secret-check of an installation that is %s', (mode) => {
  it('lets the worker alone look at Secrets, and nothing more', async ({ bed, directory }) => {
    const options = { cluster: bed.cluster, mode, namespace: bed.namespace, settings: {} };
    const plain = await render({ ...options, directory: path.join(directory, `plain-${mode}`) });
    const checking = await render({
      ...options,
      components: ['secret-check'],
      directory: path.join(directory, `checking-${mode}`),
    });
    const rightsOf = (rendered: typeof plain, role: string) =>
      rightsIn(rendered.rulesOf(`seinode-${role}`));
    expect(rightsOf(plain, 'worker').length).toBeGreaterThan(0);
    const more = [...rightsOf(plain, 'worker'), 'get /secrets'];
    expect(rightsOf(checking, 'worker').toSorted()).toEqual(more.toSorted());
    expect(rightsOf(checking, 'watcher')).toEqual(rightsOf(plain, 'watcher'));
    const { env } = containerOf(checking.deployment('seinode-worker'));
    expect(env).toContainEqual({ name: 'SEINODE_CHECK_SECRETS', value: 'true' });
  });
});

describe('the component payload-encryption', () => {
  it('hands the keys to both processes, beside what they have', async ({ bed, directory }) => {
    const rendered = await render({
      cluster: bed.cluster,
      mode: 'namespaced',
      namespace: bed.namespace,
      settings: {},
      components: ['payload-encryption'],
      directory: path.join(directory, 'encrypted'),
    });
    for (const role of ROLES) {
      const deployment = rendered.deployment(`seinode-${role}`);
      const { env, volumeMounts = [] } = containerOf(deployment);
      const file = env?.find(({ name }) => name === 'SEINODE_PAYLOAD_KEY_FILE')?.value ?? '';
      const mounted = volumeMounts.find(({ mountPath }) => file === `${mountPath}/keys`)?.name;
      const volumes = deployment.spec?.template.spec?.volumes ?? [];
      const secret = volumes.find(({ name }) => name === mounted)?.secret;
      expect(secret?.secretName).toBe('seinode-payload-keys');
      expect(new Set(volumeMounts.map(({ name }) => name))).toEqual(
        new Set(volumes.map(({ name }) => name)),
      );
    }
  });
});
