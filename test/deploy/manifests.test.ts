import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import type {
  V1ClusterRole,
  V1EnvVar,
  V1NetworkPolicy,
  V1PolicyRule,
} from '@kubernetes/client-node';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

import { readPlatformSettings } from '../../settings/read-platform-settings.ts';
import { containerOf, parseManifests, rightsIn } from './manifest.ts';
import { REVIEWED_RIGHTS } from './reviewed-rights.ts';

const deploy = path.join(import.meta.dirname, '..', '..', 'deploy');
const text = ['base', 'serving']
  .map((folder) => path.join(deploy, folder))
  .flatMap((folder) => readdirSync(folder).map((file) => path.join(folder, file)))
  .filter((file) => file.endsWith('.yaml') && path.basename(file) !== 'kustomization.yaml')
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n---\n');
const manifests = parseManifests(text);
const rules: readonly V1PolicyRule[] = parseAllDocuments(text)
  .map((document) => document.toJS() as V1ClusterRole & { kind: string })
  .filter(({ kind }) => kind === 'Role')
  .flatMap((role) => role.rules ?? []);
const ROLES = ['worker', 'watcher'] as const;

describe('the rights of worker and watcher', () => {
  // That no right is missing or idle is shown by test/e2e/rbac.test.ts.
  test.for([...ROLES, 'sidecar-client'] as const)('are those that were reviewed: %s', (role) => {
    const granted = rightsIn(manifests.rulesOf(`seinode-${role}`));
    expect(granted.toSorted()).toEqual(REVIEWED_RIGHTS[role].toSorted());
  });

  test('have no wildcard', () => {
    const words = rules.flatMap(({ verbs, apiGroups = [], resources = [] }) => [
      ...verbs,
      ...apiGroups,
      ...resources,
    ]);
    expect(words.filter((word) => word.includes('*'))).toEqual([]);
  });

  test('reach no secrets, no roles, and of accounts the tokens of the one for sidecars', () => {
    const reaching = rules.filter(({ resources = [] }) =>
      resources.some((name) => /secrets|serviceaccounts|roles|rolebindings/.test(name)),
    );
    expect(reaching).toEqual([
      {
        apiGroups: [''],
        resources: ['serviceaccounts/token'],
        resourceNames: ['seinode-sidecar-client'],
        verbs: ['create'],
      },
    ]);
    expect(manifests.rulesOf('seinode-worker')).toContainEqual(reaching[0]);
  });

  test('are roles of one namespace where they are written', () => {
    const kinds = manifests.all.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind.startsWith('Cluster'))).toEqual([]);
  });
});

describe.for(ROLES)('the Deployment of the %s', (role) => {
  const deployment = manifests.deployment(`seinode-${role}`);

  test('has more than one replica', () => {
    expect(deployment.spec?.replicas).toBeGreaterThan(1);
  });

  test('gives a process longer to end than it takes by itself', () => {
    const seconds = deployment.spec?.template.spec?.terminationGracePeriodSeconds;
    // SEINODE_SHUTDOWN_GRACE_SECONDS by default.
    expect(seconds).toBeGreaterThanOrEqual(25 + 5);
  });

  test('probes the paths that the process serves, at the port that it listens on', () => {
    const { livenessProbe, readinessProbe, ports, env } = containerOf(deployment);
    expect(livenessProbe?.httpGet).toEqual({ path: '/livez', port: 'metrics' });
    expect(readinessProbe?.httpGet).toEqual({ path: '/readyz', port: 'metrics' });
    const address = env?.find(({ name }) => name === 'SEINODE_METRICS_ADDRESS')?.value;
    expect(address).toBe(`0.0.0.0:${ports?.[0]?.containerPort}`);
  });

  test('is restricted', () => {
    expect(containerOf(deployment).securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });
});

test('the processes are let out to the DNS of the cluster alone', () => {
  const policies = manifests.all.filter(
    ({ kind }) => kind === 'NetworkPolicy',
  ) as V1NetworkPolicy[];
  const dns = policies
    .flatMap(({ spec }) => spec?.egress ?? [])
    .filter(({ ports = [] }) => ports.some(({ port }) => port === 53));
  const to = dns.map((rule) => rule.to?.map(({ podSelector }) => podSelector?.matchLabels));
  expect(to).toEqual([[{ 'k8s-app': 'kube-dns' }, undefined]]);
});

test('an installation for some namespaces does not serve all of them when it names none', () => {
  const overlay = readFileSync(path.join(deploy, 'overlays/separate/kustomization.yaml'), 'utf8');
  const { patches } = parse(overlay) as { patches: { target: object; patch: string }[] };
  const added = patches
    .filter(({ target }) => isDeepStrictEqual(target, { kind: 'Deployment' }))
    .flatMap(({ patch }) => parse(patch) as { value: V1EnvVar }[]);
  expect(added.map(({ value }) => value)).toContainEqual({
    name: 'SEINODE_NAMESPACE_REQUIRE',
    value: 'true',
  });
});

describe('the example installation', () => {
  test('has all platform settings', () => {
    const lines = readFileSync(path.join(deploy, 'example', 'settings.env'), 'utf8').split('\n');
    const settings = lines.filter((line) => /^\w+=/.test(line)).map((line) => line.split('='));
    const env = Object.fromEntries(settings) as Readonly<Record<string, string>>;
    const { scheduling } = readPlatformSettings(env, () => '');
    expect(scheduling.nodePool.archive).toBe(env['SEI_NODEPOOL_ARCHIVE']);
  });
});
