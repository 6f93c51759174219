import type { EnvironmentSource, Platform, Tool, ToolName } from './tool.ts';

// These versions were seen to work together. The go.mod files under devcluster/tools pin the same ones.
const ETCD = '3.7.3';
const KUBERNETES = '1.36.3';
const KWOK = '0.8.0';
// One module of version 1.6 and later is not published, so that the module proxy cannot serve a build.
const TEMPORAL = '1.5.1';
// That of docker-compose.yml.
const TEMPORAL_SERVER = '1.31.0';
// The Web UI that the temporal program has within, so that a build needs no other modules.
const TEMPORAL_UI = '2.42.1';

const GITHUB = 'https://github.com';
const GITHUB_API = 'https://api.github.com';
const KUBERNETES_RELEASES = 'https://dl.k8s.io/release';

const STRIPPED = '-s -w';

/** The folder of controller-runtime's test environment that has its programs. */
const kubebuilderAssets: EnvironmentSource = {
  variable: 'KUBEBUILDER_ASSETS',
  holds: 'folder',
  owner: 'shared',
};

/** Every program that some devcluster needs, in the order in which they are built. */
export const catalogue: readonly Tool[] = [
  {
    name: 'etcd',
    version: ETCD,
    accepts: { from: '3.6', below: '4' },
    environment: [own('etcd'), kubebuilderAssets],
    versionArguments: ['--version'],
    release: ({ os, arch }) => {
      const folder = `${GITHUB}/etcd-io/etcd/releases/download/v${ETCD}`;
      const stem = `etcd-v${ETCD}-${os}-${arch}`;
      return {
        url: `${folder}/${stem}.tar.gz`,
        member: `${stem}/etcd`,
        checksum: { kind: 'file', url: `${folder}/SHA256SUMS` },
      };
    },
    build: { module: 'etcd', package: 'go.etcd.io/etcd/server/v3', ldflags: STRIPPED },
  },
  kwokTool('kwokctl'),
  kwokTool('kwok'),
  {
    name: 'temporal',
    version: TEMPORAL,
    accepts: { from: '1.5', below: '2' },
    environment: [
      own('temporal'),
      { variable: 'TEMPORAL_CLI_PATH', holds: 'program', owner: 'shared' },
    ],
    versionArguments: ['--version'],
    release: ({ os, arch }) => {
      const folder = `${GITHUB}/temporalio/cli/releases/download/v${TEMPORAL}`;
      return {
        url: `${folder}/temporal_cli_${TEMPORAL}_${os}_${arch}.tar.gz`,
        member: 'temporal',
        checksum: { kind: 'file', url: `${folder}/checksums.txt` },
      };
    },
    build: {
      module: 'temporal',
      package: 'github.com/temporalio/cli/cmd/temporal',
      ldflags: `${STRIPPED} -X github.com/temporalio/cli/temporalcli.Version=${TEMPORAL}`,
    },
  },
  kubernetesTool('kube-apiserver', { environment: [kubebuilderAssets] }),
  kubernetesTool('kube-controller-manager'),
  kubernetesTool('kube-scheduler'),
  kubernetesTool('kubectl', {
    environment: [kubebuilderAssets],
    versionArguments: ['version', '--client'],
  }),
  {
    name: 'ui-server',
    version: TEMPORAL_UI,
    accepts: { from: '2.42', below: '3' },
    environment: [own('ui-server')],
    versionArguments: ['--version'],
    release: ({ os, arch }) => {
      const stem = `${GITHUB}/temporalio/ui-server/releases/download/v${TEMPORAL_UI}/ui-server_${TEMPORAL_UI}`;
      return {
        url: `${stem}_${os}_${arch}.tar.gz`,
        member: 'ui-server',
        checksum: { kind: 'file', url: `${stem}_checksums.txt` },
      };
    },
    build: {
      module: 'temporal',
      package: 'github.com/temporalio/ui-server/v2/cmd/server',
      ldflags: STRIPPED,
    },
  },
  temporalServerTool('temporal-sql-tool', 'tools/sql'),
  temporalServerTool('temporal-server', 'server'),
];

function own(name: ToolName): EnvironmentSource {
  const variable = `SEINODE_DEVCLUSTER_${name.toUpperCase().replaceAll('-', '_')}`;
  return { variable, holds: 'program', owner: 'project' };
}

function kubernetesTool(
  name: ToolName,
  { environment = [], versionArguments = ['--version'] }: Partial<Tool> = {},
): Tool {
  const [major = '', minor = ''] = KUBERNETES.split('.');
  const version = 'k8s.io/component-base/version';
  return {
    name,
    version: KUBERNETES,
    // One minor version for all: Kubernetes allows no controller manager newer than its API server.
    accepts: { from: `${major}.${minor}`, below: `${major}.${Number(minor) + 1}` },
    environment: [own(name), ...environment],
    versionArguments,
    release: ({ os, arch }) => {
      const url = `${KUBERNETES_RELEASES}/v${KUBERNETES}/bin/${os}/${arch}/${name}`;
      return { url, checksum: { kind: 'file', url: `${url}.sha256` } };
    },
    build: {
      module: 'kubernetes',
      package: `k8s.io/kubernetes/cmd/${name}`,
      ldflags: [
        STRIPPED,
        `-X ${version}.gitVersion=v${KUBERNETES}`,
        `-X ${version}.gitMajor=${major}`,
        `-X ${version}.gitMinor=${minor}`,
      ].join(' '),
    },
  };
}

function temporalServerTool(name: ToolName, command: string): Tool {
  const [major = '', minor = ''] = TEMPORAL_SERVER.split('.');
  return {
    name,
    version: TEMPORAL_SERVER,
    // The schema that the one sets up is the one that the other expects only within a minor version.
    accepts: { from: `${major}.${minor}`, below: `${major}.${Number(minor) + 1}` },
    environment: [own(name)],
    versionArguments: ['--version'],
    release: ({ os, arch }) => {
      const folder = `${GITHUB}/temporalio/temporal/releases/download/v${TEMPORAL_SERVER}`;
      return {
        url: `${folder}/temporal_${TEMPORAL_SERVER}_${os}_${arch}.tar.gz`,
        member: name,
        checksum: { kind: 'file', url: `${folder}/checksums.txt` },
      };
    },
    build: {
      module: 'temporal-server',
      package: `go.temporal.io/server/cmd/${command}`,
      ldflags: STRIPPED,
    },
  };
}

function kwokTool(name: 'kwok' | 'kwokctl'): Tool {
  const repository = 'kubernetes-sigs/kwok';
  return {
    name,
    version: KWOK,
    accepts: { from: '0.8', below: '0.9' },
    environment: [own(name)],
    versionArguments: ['--version'],
    release: ({ os, arch }: Platform) => ({
      url: `${GITHUB}/${repository}/releases/download/v${KWOK}/${name}-${os}-${arch}`,
      // kwok publishes no checksum file; GitHub itself publishes the digest of every release file.
      checksum: {
        kind: 'github-release',
        url: `${GITHUB_API}/repos/${repository}/releases/tags/v${KWOK}`,
      },
    }),
    build: { module: 'kwok', package: `sigs.k8s.io/kwok/cmd/${name}`, ldflags: STRIPPED },
  };
}
