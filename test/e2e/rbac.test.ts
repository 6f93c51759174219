import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect } from 'vitest';

import type { Right } from '../deploy/access-review.ts';
import { allowedOf, mayI } from '../deploy/access-review.ts';
import { rightsOf } from '../deploy/access.ts';
import type { InstallationLife } from '../deploy/installation-life.ts';
import { liveThrough } from '../deploy/installation-life.ts';
import type { InstallationMode } from '../deploy/installation.ts';
import { install, render } from '../deploy/installation.ts';
import { containerOf, rightsIn } from '../deploy/manifest.ts';
import { SHIPPED_SETTINGS, SYSTEM } from '../support/testbed/shipped-rights.ts';
import { ownDevclusterTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { openTestbed } from '../support/testbed/testbed.ts';

const MODES = [
  'cluster-wide',
  'namespaced',
  'separate',
] as const satisfies readonly InstallationMode[];
const ROLES = ['worker', 'watcher'] as const;

/** The policies by the overlay that they are for: both processes live under them. */
const ADMISSION = {
  'cluster-wide': 'admission',
  namespaced: 'admission-namespaced',
  separate: 'admission-separate',
} as const satisfies Record<InstallationMode, string>;

/** Rights that no request of ours to the API server needs. */
const FOR_OTHERS = [
  // Checked by the admission of owner references, where a cluster has it.
  'update sei.io/seinodes/finalizers',
];

/** Rights that neither process may ever have, and each that Kubernetes would let a careless role give. */
const NOBODY_MAY = [
  ['get', '', 'secrets'],
  ['list', '', 'secrets'],
  ['create', '', 'pods/exec'],
  ['delete', 'sei.io', 'seinodes'],
  ['create', 'rbac.authorization.k8s.io', 'rolebindings'],
  ['create', '', 'serviceaccounts/token'],
] as const;

/** A pod that a restricted namespace refuses. */
const PRIVILEGED_POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'privileged' },
  spec: { containers: [{ name: 'shell', image: 'shell', securityContext: { privileged: true } }] },
};

/** The file has a cluster of its own: one that serves all namespaces would take the nodes of other tests. */
const it = ownDevclusterTest('rbac', [], 'of-the-admin')
  .extend('directory', { scope: 'file' }, async ({ bed: _bed }, { onCleanup }) => {
    const directory = await mkdtemp(path.join(tmpdir(), 'seinode-rbac-'));
    onCleanup(() => rm(directory, { recursive: true }));
    return directory;
  })
  .extend('second', { scope: 'file' }, async ({ bed }, { onCleanup }) => {
    const second = await openTestbed(bed.cluster, 'rbac-second', 'of-the-admin');
    onCleanup(() => second.close());
    const account = ['create', 'serviceaccount', SHIPPED_SETTINGS.SEI_SERVICE_ACCOUNT];
    await Promise.all([bed.kubectl(account), second.kubectl(account)]);
    return second;
  })
  .extend('separate', { scope: 'file' }, async ({ bed, second, directory }) => {
    const serves = [bed.namespace, second.namespace];
    const settings = { SEINODE_CLUSTER_NAME: 'rbac', SEINODE_NAMESPACE: serves.join(', ') };
    const installed = installedIn(bed, directory, 'separate', SYSTEM, settings);
    const selector = '/spec/matchResources/namespaceSelector/matchExpressions/0/values';
    const patch = JSON.stringify([{ op: 'replace', path: selector, value: serves }]);
    const patches = [{ target: { kind: 'ValidatingAdmissionPolicyBinding' }, patch }];
    const installation = await install({ ...installed, serves, patches });
    const life = await liveThrough(bed, installation, 'separate', [second]);
    // The next one makes its own.
    await bed.cluster.kubectl(['delete', 'lease', 'seinode-watcher', '--namespace', SYSTEM]);
    // Asks before another installation grants its accounts, which have the same names, more.
    const [bounds, ...refusals] = await Promise.all([
      boundsOf(bed, life, [...serves, SYSTEM, 'default', '']),
      ...[...serves, 'default'].map((each) => refusalIn(each, bed, life.worker.account)),
    ]);
    return { life, serves, bounds, refusals };
  })
  .extend(
    'lives',
    { scope: 'file' },
    async ({ bed, directory, separate }): Promise<Record<InstallationMode, InstallationLife>> => {
      const begin = async (mode: InstallationMode, namespace: string, more = {}) => {
        const installed = installedIn(bed, directory, mode, namespace, more);
        return liveThrough(bed, await install(installed), mode);
      };
      // One after the other: all serve the testbed's namespace, under policies of one name.
      const clusterWide = await begin('cluster-wide', SYSTEM);
      const refusal = await refusalIn('kube-system', bed, clusterWide.worker.account);
      expect(refusal).toContain('writes nothing in the namespaces of Kubernetes');
      return {
        separate: separate.life,
        'cluster-wide': clusterWide,
        namespaced: await begin('namespaced', bed.namespace, { SEINODE_CLUSTER_NAME: 'rbac' }),
      };
    },
  );

function installedIn(
  bed: Testbed,
  directory: string,
  mode: InstallationMode,
  namespace: string,
  more: Readonly<Record<string, string>>,
) {
  // The kubelet of a real pod gives it the address of Kubernetes.
  const { KUBECONFIG: _kubeconfig, ...env } = bed.cluster.env;
  return {
    cluster: bed.cluster,
    mode,
    namespace,
    settings: { ...env, ...SHIPPED_SETTINGS, SEINODE_TASK_QUEUE: mode, ...more },
    directory: path.join(directory, mode),
    components: [ADMISSION[mode]],
  };
}

/** Returns the answer to a worker that makes an object of nobody's. */
function refusalIn(namespace: string, bed: Testbed, account: string): Promise<string> {
  const as = `--as=system:serviceaccount:${account}`;
  const create = ['create', 'configmap', 'any', `--namespace=${namespace}`, '--dry-run=server', as];
  return bed.cluster.kubectl(create).catch(String);
}

/**
 * Lists what the accounts of an installation may do in each namespace, out of all that they may do somewhere or
 * nowhere.
 */
async function boundsOf(bed: Testbed, life: InstallationLife, namespaces: readonly string[]) {
  const nowhere = NOBODY_MAY.map(([verb, group, resource]) => `${verb} ${group}/${resource}`);
  const allowedTo = async (role: (typeof ROLES)[number]): Promise<ReadonlySet<string>> => {
    const { account, rules } = life[role];
    const rights = [...new Set([...rightsIn(rules), ...nowhere])];
    const asked = namespaces.flatMap((each) => rights.map((right) => rightIn(each, right)));
    const allowed = await allowedOf(bed.cluster, account, asked);
    return new Set(
      allowed.map((right) => `${right.namespace}: ${right.verb} ${right.group}/${right.resource}`),
    );
  };
  const [worker, watcher] = await Promise.all([allowedTo('worker'), allowedTo('watcher')]);
  return { worker, watcher };
}

/** @param right as `verb group/resource` */
function rightIn(namespace: string, right: string): Right {
  const [verb = '', of = ''] = right.split(' ');
  const [group = '', ...resource] = of.split('/');
  return { verb, group, resource: resource.join('/'), namespace };
}

/** Rights of an account in the operator's own namespace, and nowhere else. */
const AT_HOME = {
  worker: ['create /serviceaccounts/token'],
  watcher: ['create', 'get', 'patch'].map((verb) => `${verb} coordination.k8s.io/leases`),
};

describe('an installation that serves other namespaces than its own', () => {
  it.for(ROLES)(
    'has the rights of the %s in each of them, and nowhere else',
    (role, { separate }) => {
      const { life, serves, bounds } = separate;
      const served = rightsIn(life[role].rules).filter((each) => !AT_HOME[role].includes(each));
      expect(served.length).toBeGreaterThan(0);
      const allowed = [...bounds[role]].filter((each) => !each.startsWith(`${SYSTEM}: `));
      const granted = serves.flatMap((namespace) => served.map((each) => `${namespace}: ${each}`));
      expect(allowed.toSorted()).toEqual([...new Set(granted)].toSorted());
      const home = [...bounds[role]].filter((each) => !allowed.includes(each));
      // Of the others it has those on one object, by its name.
      expect(home).toEqual(role === 'watcher' ? [`${SYSTEM}: ${AT_HOME.watcher[0]}`] : []);
    },
  );

  it('is under the policies in each of them', ({ separate }) => {
    const [ofFirst, ofSecond, elsewhere] = separate.refusals;
    expect(ofFirst).toContain('writes objects of a SeiNode alone');
    expect(ofSecond).toContain('writes objects of a SeiNode alone');
    expect(elsewhere).toContain('cannot create resource "configmaps"');
  });

  it('has its Secrets and its Leases where nobody writes SeiNodes', async ({ bed, separate }) => {
    const { life, serves } = separate;
    const beside = life.rendered.all.filter(({ metadata }) =>
      serves.includes(metadata.namespace ?? ''),
    );
    expect(new Set(beside.map(({ kind }) => kind))).toEqual(new Set(['Role', 'RoleBinding']));
    const author = `${bed.namespace}:author`;
    await bed.kubectl(['create', 'serviceaccount', 'author']);
    await bed.kubectl([
      'create',
      'rolebinding',
      'author',
      '--clusterrole=admin',
      `--serviceaccount=${author}`,
    ]);
    const asked = ['get /secrets', 'create /pods', 'create sei.io/seinodes'].flatMap((right) =>
      [bed.namespace, SYSTEM].map((namespace) => rightIn(namespace, right)),
    );
    const allowed = await allowedOf(bed.cluster, author, asked);
    expect(new Set(allowed.map(({ namespace }) => namespace))).toEqual(new Set([bed.namespace]));
  });
});

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
      bed.cluster.kubectl(['--namespace', SYSTEM, ...args], {
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

describe.for(MODES)('the component secret-check of an installation that is %s', (mode) => {
  it('lets the worker alone look at Secrets, and nothing more', async ({ bed, directory }) => {
    const where =
      mode === 'separate'
        ? { namespace: SYSTEM, serves: [bed.namespace] }
        : { namespace: bed.namespace };
    const options = { cluster: bed.cluster, mode, ...where, settings: {} };
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
