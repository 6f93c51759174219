import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { inCluster, isInCluster } from '../../../kubernetes/api/in-cluster.ts';
import { loadKubeconfig } from '../../../kubernetes/api/kubeconfig.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kubeconfig-test-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function write(path: string, cluster: string, changes: object = {}): string {
  const file = join(directory, path);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server: `https://${cluster}:6443` } }],
    users: [{ name: `${cluster}-user`, user: { token: 't' } }],
    contexts: [{ name: cluster, context: { cluster, user: `${cluster}-user` } }],
    'current-context': cluster,
    ...changes,
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

function serverOf(source: Parameters<typeof loadKubeconfig>[0]): string | undefined {
  return loadKubeconfig({ environment: {}, home: directory, ...source }).cluster.server;
}

describe('loadKubeconfig', () => {
  it('prefers an explicit path, then KUBECONFIG, then the file at home', () => {
    mkdirSync(join(directory, '.kube'));
    write('.kube/config', 'home');
    const explicit = write('explicit', 'explicit');
    const environment = { KUBECONFIG: write('environment', 'environment') };
    expect(serverOf({ path: explicit, environment })).toBe('https://explicit:6443');
    expect(serverOf({ environment })).toBe('https://environment:6443');
    expect(serverOf({ environment: { KUBECONFIG: '' } })).toBe('https://home:6443');
  });

  it('merges the files of KUBECONFIG: the first current context counts, missing files do not', () => {
    const files = [join(directory, 'missing'), write('one', 'one'), write('two', 'two')];
    const environment = { KUBECONFIG: files.join(delimiter) };
    expect(serverOf({ environment })).toBe('https://one:6443');
    expect(serverOf({ environment, context: 'two' })).toBe('https://two:6443');
  });

  it('takes what several files of KUBECONFIG name from the first of them', () => {
    const clusters = [{ name: 'one', cluster: { server: 'https://later:6443' } }];
    const files = [write('first', 'one'), write('later', 'one', { clusters })];
    expect(serverOf({ environment: { KUBECONFIG: files.join(delimiter) } })).toBe(
      'https://one:6443',
    );
  });

  it('says where it looked when there is no configuration at all', () => {
    expect(() => serverOf({})).toThrow(
      `No Kubernetes configuration found: KUBECONFIG is not set, this is not a pod with a service ` +
        `account, and ${join(directory, '.kube', 'config')} does not exist. ` +
        `Set KUBECONFIG to a kubeconfig file.`,
    );
  });

  it('names the file that does not exist', () => {
    expect(() => serverOf({ path: '/nowhere/config' })).toThrow(
      'Kubeconfig /nowhere/config does not exist',
    );
    expect(() => serverOf({ environment: { KUBECONFIG: '/nowhere/config' } })).toThrow(
      'KUBECONFIG is /nowhere/config, and no such file exists',
    );
  });

  it('names the contexts that there are', () => {
    const path = write('config', 'one');
    expect(() => serverOf({ path, context: 'two' })).toThrow(
      `${path} has no context "two"; it has: one`,
    );
    const without = write('without', 'one', { 'current-context': '' });
    expect(() => serverOf({ path: without })).toThrow(
      `${without} has no current context; name one of: one`,
    );
  });

  it.each([
    ['cluster "one"', { clusters: [] }],
    ['user "one-user"', { users: null }],
  ])('says that the %s of the context is missing', (missing, changes) => {
    const path = write('config', 'one', changes);
    expect(() => serverOf({ path })).toThrow(
      `Context "one" of ${path} names the ${missing}, which is not in it`,
    );
  });

  it.each([6443, 'localhost:8080'])('names the field that cannot be used: server %s', (server) => {
    const clusters = [{ name: 'one', cluster: { server } }];
    const path = write('config', 'one', { clusters });
    expect(() => serverOf({ path })).toThrow(`Kubeconfig ${path} cannot be used: `);
    expect(() => serverOf({ path })).toThrow('clusters[0].cluster.server');
  });

  it('finds files that the kubeconfig names relative to itself', () => {
    const users = [
      { name: 'one-user', user: { tokenFile: 'token', 'client-key': '/etc/key', as: 'jane' } },
    ];
    const access = loadKubeconfig({ path: write('config', 'one', { users }) });
    expect(access.user).toMatchObject({
      tokenFile: join(directory, 'token'),
      key: { kind: 'file', path: '/etc/key' },
      impersonate: { user: 'jane', groups: [], uid: undefined, extra: {} },
    });
  });

  it('takes an empty string for nothing', () => {
    const cluster = { server: 'https://one:6443', 'proxy-url': '', 'certificate-authority': '' };
    const path = write('config', 'one', { clusters: [{ name: 'one', cluster }] });
    expect(loadKubeconfig({ path }).cluster).toMatchObject({
      proxyUrl: undefined,
      certificateAuthority: undefined,
    });
  });

  it('has the namespace of the context, where it names one', () => {
    const contextIn = (namespace?: string) => [
      { name: 'one', context: { cluster: 'one', user: 'one-user', namespace } },
    ];
    const namespaceOf = (namespace?: string) =>
      loadKubeconfig({ path: write('config', 'one', { contexts: contextIn(namespace) }) })
        .namespace;
    expect(namespaceOf('rpc')).toBe('rpc');
    expect(namespaceOf('')).toBeUndefined();
    expect(namespaceOf()).toBeUndefined();
  });

  it("takes the pod's service account where there is one", () => {
    const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    expect(inCluster(environment).cluster.server).toBe('https://[fd00::1]:443');
    expect(isInCluster({})).toBe(false);
  });
});
