import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';

import { readPlatformSettings } from '../../settings/read-platform-settings.ts';
import { SettingsError } from '../../settings/settings-error.ts';

/** The environment of an installation of the original operator, with every name it requires. */
const environment: Readonly<Record<string, string>> = {
  SEI_NODEPOOL_NAME: 'sei-node',
  SEI_NODEPOOL_ARCHIVE: 'sei-archive',
  SEI_TOLERATION_KEY: 'sei.io/workload',
  SEI_SERVICE_ACCOUNT: 'seid-node',
  SEI_STORAGE_CLASS_PERF: 'gp3-10k-750',
  SEI_STORAGE_CLASS_DEFAULT: 'gp3',
  SEI_STORAGE_CLASS_ARCHIVE: 'io2-archive',
  SEI_STORAGE_SIZE_DEFAULT: '2000Gi',
  SEI_STORAGE_SIZE_ARCHIVE: '25000Gi',
  SEI_RESOURCE_CPU_ARCHIVE: '48',
  SEI_RESOURCE_MEM_ARCHIVE: '448Gi',
  SEI_RESOURCE_CPU_DEFAULT: '4',
  SEI_RESOURCE_MEM_DEFAULT: '32Gi',
  SEI_SNAPSHOT_BUCKET: 'snapshots',
  SEI_SNAPSHOT_REGION: 'eu-central-1',
  SEI_RESULT_EXPORT_BUCKET: 'results',
  SEI_RESULT_EXPORT_REGION: 'eu-central-1',
  SEI_RESULT_EXPORT_PREFIX: 'shadow/',
  SEI_GENESIS_BUCKET: 'genesis',
  SEI_GENESIS_REGION: 'us-east-2',
  SEI_GATEWAY_NAME: 'gateway',
  SEI_GATEWAY_NAMESPACE: 'gateway',
  SEI_GATEWAY_DOMAIN: 'example.com',
  SEI_SIDECAR_IMAGE: 'seictl:v1',
  SEI_KUBE_RBAC_PROXY_IMAGE: 'proxy:v1',
  SEI_COSMOS_EXPORTER_IMAGE: 'exporter:v1',
};

const file = {
  scheduling: {
    nodepoolName: 'sei-node',
    nodepoolArchive: 'sei-archive',
    nodepoolValidator: 'sei-validator',
    tolerationKey: 'sei.io/workload',
    serviceAccount: 'seid-node',
  },
  storage: {
    classPerf: 'gp3-10k-750',
    classDefault: 'gp3',
    classArchive: 'io2-archive',
    sizeDefault: '2000Gi',
    sizeArchive: '25000Gi',
  },
  resources: { node: { cpuRequest: 8, memory: '64Gi' }, archive: { memory: '448Gi' } },
  snapshot: { bucket: 'snapshots', region: 'eu-central-1' },
  resultExport: { bucket: 'results', region: 'eu-central-1', prefix: 'shadow/' },
  genesis: { bucket: 'genesis', region: 'us-east-2' },
  images: { sidecar: 'seictl:v1', kubeRBACProxy: 'proxy:v1', cosmosExporter: 'exporter:v1' },
  stateSync: { syncers: { 'pacific-1': ['a:26657', 'b:26657'] } },
};

describe('readPlatformSettings from the environment', () => {
  it('gives archive nodes their own values and all other roles the default ones', () => {
    const { scheduling, storage, resources } = fromEnvironment(environment);
    expect(scheduling.nodePool).toEqual({
      node: 'sei-node',
      replayer: 'sei-node',
      validator: 'sei-node',
      archive: 'sei-archive',
    });
    expect(storage.validator).toEqual({ className: 'gp3-10k-750', size: '2000Gi' });
    expect(storage.archive).toEqual({ className: 'io2-archive', size: '25000Gi' });
    expect(resources.replayer).toEqual({ requests: { cpu: '4', memory: '32Gi' } });
    expect(resources.archive).toEqual({ requests: { cpu: '48', memory: '448Gi' } });
  });

  it('takes the defaults of almost every cluster if nothing else is set', () => {
    const byDefault = { clusterDomain: 'cluster.local', terminationGraceSeconds: 120 };
    expect(fromEnvironment(environment)).toMatchObject(byDefault);
    expect(fromFile(file)).toMatchObject(byDefault);
    const set = { clusterDomain: 'k8s.example', terminationGraceSeconds: 300 };
    const more = { SEI_CLUSTER_DOMAIN: 'k8s.example', SEI_TERMINATION_GRACE_SECONDS: '300' };
    expect(fromEnvironment({ ...environment, ...more })).toMatchObject(set);
    expect(fromFile({ ...file, ...set })).toMatchObject(set);
  });

  it('does without the variables that nothing reads yet', () => {
    const unread = /^SEI_(GATEWAY|RESULT_EXPORT|STORAGE_CLASS_DEFAULT)/;
    const read = Object.fromEntries(
      Object.entries(environment).filter(([name]) => !unread.test(name)),
    );
    expect(Object.keys(read)).toHaveLength(19);
    expect(fromEnvironment(read)).toEqual(fromEnvironment(environment));
  });

  it('names every missing variable in one error', () => {
    const message = messageOf(() => fromEnvironment({}));
    expect(message.match(/^ {2}- SEI_\w+ is missing; expected .+$/gm)).toHaveLength(19);
  });

  it.each([
    ['SEI_NODEPOOL_NAME', '  ', 'is missing; expected a label value'],
    ['SEI_NODEPOOL_ARCHIVE', 'a b', 'is "a b"; expected a label value'],
    ['SEI_TOLERATION_KEY', 'a/b/c', 'is "a/b/c"; expected the key of a taint'],
    ['SEI_STORAGE_CLASS_PERF', 'Fast', 'is "Fast"; expected the name of a StorageClass'],
    [
      'SEI_STORAGE_SIZE_DEFAULT',
      '2000GiB',
      'is "2000GiB"; expected a positive Kubernetes quantity',
    ],
    ['SEI_RESOURCE_CPU_DEFAULT', '-4', 'is "-4"; expected a positive Kubernetes quantity'],
    ['SEI_RESOURCE_MEM_ARCHIVE', '0Gi', 'is "0Gi"; expected a positive Kubernetes quantity'],
    ['SEI_CLUSTER_DOMAIN', 'cluster.local.', 'is "cluster.local."; expected the domain of a'],
    ['SEI_TERMINATION_GRACE_SECONDS', '2m', 'is "2m"; expected whole seconds'],
    ['SEI_TERMINATION_GRACE_SECONDS', '0', 'is "0"; expected at least 1 second'],
    ['SEI_SIDECAR_IMAGE', 'a image', 'is "a image"; expected an image reference'],
  ])('refuses %s = "%s"', (name, value, problem) => {
    const lines = messageOf(() => fromEnvironment({ ...environment, [name]: value })).split('\n');
    expect(lines).toEqual([
      'The platform settings in the environment are not usable:',
      expect.stringContaining(`  - ${name} ${problem}`),
    ]);
  });

  it.each(['16', '1500m', '0.5', '.5', '2000Gi', '32G', '1e3', '+4'])(
    'takes the quantity %s',
    (quantity) => {
      const { resources } = fromEnvironment({ ...environment, SEI_RESOURCE_CPU_DEFAULT: quantity });
      expect(resources.node.requests?.['cpu']).toBe(quantity);
    },
  );
});

describe('readPlatformSettings from a file', () => {
  it('reads the file that SEI_CONTROLLER_CONFIG names, and not the environment', () => {
    const { scheduling, images } = fromFile(file, environment);
    expect(scheduling.nodePool.validator).toBe('sei-validator');
    expect(images).toEqual({
      sidecar: 'seictl:v1',
      rbacProxy: 'proxy:v1',
      cosmosExporter: 'exporter:v1',
    });
    expect(messageOf(() => fromFile({}, environment))).toContain(
      'scheduling.nodepoolName is missing',
    );
  });

  it('sizes a role with one value for request and limit of memory, each by default the original’s', () => {
    const { resources } = fromFile(file);
    expect(resources).toEqual({
      node: { requests: { cpu: '8', memory: '64Gi' }, limits: { memory: '64Gi' } },
      archive: { requests: { cpu: '64', memory: '448Gi' }, limits: { memory: '448Gi' } },
      validator: { requests: { cpu: '16', memory: '128Gi' }, limits: { memory: '128Gi' } },
      replayer: { requests: { cpu: '32', memory: '256Gi' }, limits: { memory: '256Gi' } },
    });
  });

  it('puts validators on the default pool when they have none of their own', () => {
    const { nodepoolValidator: _dropped, ...scheduling } = file.scheduling;
    expect(fromFile({ ...file, scheduling }).scheduling.nodePool.validator).toBe('sei-node');
  });

  it('names every missing key, also of sections that are missing or empty', () => {
    const message = messageOf(() => fromFile({ scheduling: null }));
    expect(message.match(/^ {2}- \w+\.\w+ is missing; expected .+$/gm)).toHaveLength(15);
  });

  it('refuses a misspelt key instead of falling back to a default', () => {
    const misspelt = { ...file, resources: { arhive: { memory: '1Gi' } } };
    expect(messageOf(() => fromFile(misspelt))).toBe(
      'The platform settings in /etc/sei/config.yaml (SEI_CONTROLLER_CONFIG) are not usable:\n' +
        '  - resources.arhive is not a known key',
    );
  });

  it('refuses a value of the wrong kind', () => {
    expect(messageOf(() => fromFile({ ...file, images: 'seictl:v1' }))).toContain(
      'images is "seictl:v1"; expected a mapping of keys to values',
    );
  });

  it.each([
    [
      'cannot be found',
      Object.assign(new Error('no such file or directory'), { code: 'ENOENT' }),
      'it cannot be read (ENOENT)',
    ],
    ['is no YAML', 'a: [', 'it is not YAML: line 1, column 5 (BAD_INDENT)'],
  ])('says so when the file %s', (_name, content, reason) => {
    const read = () =>
      readPlatformSettings({ SEI_CONTROLLER_CONFIG: '/etc/sei/config.yaml' }, () => {
        if (content instanceof Error) throw content;
        return content;
      });
    expect(messageOf(read)).toMatch(/in \/etc\/sei\/config.yaml /);
    expect(messageOf(read)).toContain(`\n  - ${reason}`);
  });
});

function fromEnvironment(env: Readonly<Record<string, string>>) {
  return readPlatformSettings(env, () => {
    throw new Error('no file is read');
  });
}

function fromFile(content: unknown, env: Readonly<Record<string, string>> = {}) {
  return readPlatformSettings({ ...env, SEI_CONTROLLER_CONFIG: '/etc/sei/config.yaml' }, (path) => {
    expect(path).toBe('/etc/sei/config.yaml');
    return stringify(parse(JSON.stringify(content)));
  });
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (err) {
    if (err instanceof SettingsError) return err.message;
    throw err;
  }
  throw new Error('nothing was refused');
}
