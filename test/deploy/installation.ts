import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { V1PolicyRule } from '@kubernetes/client-node';
import { stringify } from 'yaml';

import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import type { OperatorRole } from '../support/testbed/operator-process.ts';
import type { AccessRecorder } from './access-recorder.ts';
import { startAccessRecorder } from './access-recorder.ts';
import type { Manifests } from './manifest.ts';
import { containerOf, parseManifests } from './manifest.ts';

const DEPLOY = fileURLToPath(new URL('../../deploy', import.meta.url));

/** By the name of its overlay. */
export type InstallationMode = 'cluster-wide' | 'namespaced' | 'separate';

export interface InstallationOptions {
  readonly cluster: Devcluster;
  readonly mode: InstallationMode;
  /** Where worker and watcher live. */
  readonly namespace: string;
  /** By the overlay `separate`, which has a namespace of its own. */
  readonly serves?: readonly string[];
  /** Of kustomize, beside those of the overlay. */
  readonly patches?: readonly object[];
  readonly settings: Readonly<Record<string, string>>;
  /** Of `deploy/components`, by their names. */
  readonly components?: readonly string[];
  /** For the files of the installation. */
  readonly directory: string;
}

/** One process of an installation, as its pod would run it. */
export interface InstalledProcess {
  readonly env: Readonly<Record<string, string>>;
  /** `namespace:name`. */
  readonly account: string;
  /** All that the account was granted. */
  readonly rules: readonly V1PolicyRule[];
  readonly recorder: AccessRecorder;
}

export interface Installation {
  readonly rendered: Manifests;
  /** The environment that the Deployment gives, and the rights of its account. */
  process(role: OperatorRole): Promise<InstalledProcess>;
}

/** What an overlay of one's own, as docs/install.md has it, comes to. */
export async function render(options: InstallationOptions): Promise<Manifests> {
  const { cluster, mode, settings, components = [], patches = [], directory } = options;
  const { namespace, serves = [] } = options;
  await mkdir(directory, { recursive: true });
  for (const served of serves) await writeServed(path.join(directory, served), served);
  const kustomization = {
    resources: [inDeploy(directory, 'overlays', mode), ...serves],
    components: components.map((name) => inDeploy(directory, 'components', name)),
    ...(mode !== 'separate' && { namespace }),
    patches,
    configMapGenerator: [
      {
        name: 'seinode-settings',
        namespace,
        literals: Object.entries(settings).map(([name, value]) => `${name}=${value}`),
      },
    ],
  };
  await writeFile(path.join(directory, 'kustomization.yaml'), stringify(kustomization));
  return parseManifests(await cluster.kubectl(['kustomize', directory]));
}

/** What gives the overlay `separate` its rights in a namespace. */
async function writeServed(directory: string, namespace: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const kustomization = { namespace, resources: [inDeploy(directory, 'served-namespace')] };
  await writeFile(path.join(directory, 'kustomization.yaml'), stringify(kustomization));
}

/** Kustomize takes no absolute paths. */
function inDeploy(directory: string, ...parts: readonly string[]): string {
  return path.relative(directory, path.join(DEPLOY, ...parts));
}

/** Installs worker and watcher as a user does. */
export async function install(options: InstallationOptions): Promise<Installation> {
  const { cluster, namespace, directory } = options;
  const rendered = await render(options);
  await cluster.kubectl(['apply', '-k', directory]);
  return {
    rendered,
    process: async (role) => {
      const { serviceAccountName } =
        rendered.deployment(`seinode-${role}`).spec?.template.spec ?? {};
      const name = serviceAccountName ?? '';
      const token = await cluster.kubectl(['create', 'token', name, '--namespace', namespace]);
      const tokenFile = path.join(directory, `${role}.token`);
      await writeFile(tokenFile, token, { mode: 0o600 });
      const adminKubeconfig = cluster.kubeconfigPath;
      const recorder = await startAccessRecorder({ adminKubeconfig, tokenFile });
      const env = {
        ...environmentOf(rendered, role, namespace),
        KUBECONFIG: recorder.kubeconfigPath,
        // In the pod's own namespace, which the kubelet mounts; and an address that is free.
        SEINODE_SIDECAR_ACCOUNT: `${namespace}/seinode-sidecar-client`,
        SEINODE_METRICS_ADDRESS: '127.0.0.1:0',
      };
      return { env, recorder, account: `${namespace}:${name}`, rules: rendered.rulesOf(name) };
    },
  };
}

/** What the kubelet would hand to the container. */
function environmentOf(rendered: Manifests, role: OperatorRole, namespace: string) {
  const settings = rendered.configMap('seinode-settings').data ?? {};
  const fields: Readonly<Record<string, string>> = {
    'metadata.name': `seinode-${role}-0`,
    'metadata.namespace': namespace,
  };
  const env: Record<string, string> = { ...settings };
  for (const { name, value, valueFrom } of containerOf(rendered.deployment(`seinode-${role}`))
    .env ?? []) {
    const key = valueFrom?.configMapKeyRef?.key;
    const read = key === undefined ? fields[valueFrom?.fieldRef?.fieldPath ?? ''] : settings[key];
    const given = value ?? read;
    if (given === undefined) throw new Error(`the ${role}'s variable ${name} has no value`);
    env[name] = given;
  }
  return env;
}
