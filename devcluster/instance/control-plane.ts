import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { stringify } from 'yaml';

import type { Binaries } from '../binaries/tool.ts';
import { ProgramError, runProgram } from '../run-program.ts';
import { instanceEnvironment } from './instance-processes.ts';
import type { InstanceState } from './instance-state.ts';
import { kwokctlError } from './kwokctl-error.ts';
import { layoutOf } from './layout.ts';

const STAGES = join(import.meta.dirname, '..', 'stages');

/**
 * Starts etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok through kwokctl, and
 * writes the instance's kubeconfig. Resolves when the API server is healthy.
 */
export async function startControlPlane(
  state: InstanceState,
  binaries: Binaries,
  auditPolicy: string | undefined,
): Promise<void> {
  const layout = layoutOf(state.name);
  mkdirSync(layout.directory, { recursive: true });
  const documents = [
    stringify(kwokctlConfiguration(state, binaries, auditPolicy)),
    ...stageManifests(),
  ];
  writeFileSync(layout.kwokctlConfig, documents.join('\n---\n'));
  await runProgram(
    binaries.kwokctl,
    [
      'create',
      'cluster',
      `--name=${state.name}`,
      `--config=${layout.kwokctlConfig}`,
      `--kubeconfig=${layout.kubeconfig}`,
      // A loaded machine with cold disks takes several times the usual 4 s.
      '--timeout=120s',
      '--wait=120s',
    ],
    { env: kubectlFirst(instanceEnvironment(state.name), binaries) },
  ).catch((err: unknown) => {
    throw err instanceof ProgramError
      ? new Error(`kwokctl failed: ${kwokctlError(err.stderr)}`, { cause: err })
      : err;
  });
}

/** Puts our kubectl first on PATH: kwokctl asks for the API server's health with the one there, of any version. */
function kubectlFirst(env: Record<string, string>, binaries: Binaries): Record<string, string> {
  return { ...env, PATH: `${dirname(binaries.kubectl)}:${env['PATH'] ?? ''}` };
}

/** Lists all stages, those for nodes too: any stage given replaces all that kwok has on its own. */
function stageManifests(): string[] {
  return readdirSync(STAGES)
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .map((file) => readFileSync(join(STAGES, file), 'utf8'));
}

function kwokctlConfiguration(
  { ports }: InstanceState,
  binaries: Binaries,
  auditPolicy: string | undefined,
): object {
  return {
    apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
    kind: 'KwokctlConfiguration',
    options: {
      runtime: 'binary',
      etcdBinary: binaries.etcd,
      kubeApiserverBinary: binaries['kube-apiserver'],
      kubeControllerManagerBinary: binaries['kube-controller-manager'],
      kubeSchedulerBinary: binaries['kube-scheduler'],
      kwokControllerBinary: binaries.kwok,
      kubectlBinary: binaries.kubectl,
      // kwok binds to all addresses by default.
      bindAddress: '127.0.0.1',
      etcdPort: ports.etcd,
      etcdPeerPort: ports.etcdPeer,
      kubeApiserverPort: ports.kubeApiserver,
      kubeControllerManagerPort: ports.kubeControllerManager,
      kubeSchedulerPort: ports.kubeScheduler,
      kwokControllerPort: ports.kwok,
      ...(auditPolicy !== undefined && { kubeAuditPolicy: auditPolicy }),
    },
    componentsPatches: [
      // Keeps the audit log in one file: by default another one would begin at 100 MB.
      ...(auditPolicy === undefined
        ? []
        : [patch('kube-apiserver', { 'audit-log-maxsize': '10240' })]),
      // The defaults, 20 requests a second and 5 StatefulSets at a time, throttle a fleet's rollout to a node in 0.3 s:
      // measurements would show these limits.
      patch('kube-controller-manager', {
        'kube-api-qps': '500',
        'kube-api-burst': '1000',
        'concurrent-statefulset-syncs': '20',
      }),
      patch('kube-scheduler', { 'kube-api-qps': '500', 'kube-api-burst': '1000' }),
      // The data is thrown away with the instance; waiting for the disk protects nothing.
      patch('etcd', { 'unsafe-no-fsync': 'true' }),
    ],
  };
}

function patch(name: string, args: Readonly<Record<string, string>>): object {
  return { name, extraArgs: Object.entries(args).map(([key, value]) => ({ key, value })) };
}
