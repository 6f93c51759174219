/** A folder of the product; the table has them in the order in which they build on each other. */
export interface Folder {
  /** One line for people. */
  readonly does: string;
  /** The folders that its files may import from, besides its own; `/**` includes the folders in it. */
  readonly imports: readonly string[];
  /** The packages that it may import values of; absent: any but those that one folder keeps to itself. */
  readonly packages?: readonly string[];
}

const CORE = ['domain/**', 'kubernetes/**', 'sidecar'] as const;
const SURROUNDINGS = ['settings', 'process', 'metrics', 'temporal'] as const;

/**
 * The purpose and the allowed imports of each folder. The linter holds this table, and the one in CONTRIBUTING.md is
 * made from it. A folder in a folder has a line of its own if it may import less.
 */
export const FOLDERS: Readonly<Record<string, Folder>> = {
  domain: {
    does: 'decides, as pure functions; on top lies what all of it uses',
    imports: [],
    packages: [],
  },
  'domain/text': {
    does: 'bounds, cleans and escapes what people get to read',
    imports: [],
    packages: [],
  },
  'domain/failure': {
    does: 'says what each kind of failure means',
    imports: ['domain'],
    packages: [],
  },
  'domain/node': {
    does: 'says what a SeiNode is: spec, status, conditions, steps, images',
    imports: ['domain', 'domain/failure', 'domain/text'],
    packages: [],
  },
  'domain/mounts': {
    does: 'decides who may mount keys and volumes',
    imports: ['domain', 'domain/node'],
    packages: [],
  },
  'domain/pod': {
    does: "decides which pod is the node's, how it is, and when it has to go",
    imports: ['domain', 'domain/node'],
    packages: [],
  },
  'domain/owned': {
    does: 'decides whose an object is, and how it drifts from what is rendered',
    imports: ['domain', 'domain/failure', 'domain/node', 'domain/pod', 'domain/text'],
    packages: [],
  },
  'domain/sidecar': {
    does: 'decides what the sidecar has to do',
    imports: ['domain', 'domain/node', 'domain/pod', 'domain/text'],
    packages: [],
  },
  'domain/status': {
    does: 'derives conditions, health and outcome',
    imports: ['domain', 'domain/failure', 'domain/node', 'domain/pod', 'domain/sidecar'],
    packages: [],
  },
  'domain/plan': {
    does: 'decides how a plan, a hold, a rollback and a take-over stand on status',
    imports: [
      'domain',
      'domain/failure',
      'domain/node',
      'domain/pod',
      'domain/sidecar',
      'domain/status',
      'domain/text',
    ],
    packages: [],
  },
  'domain/work': {
    does: 'decides which work is due, how it begins and ends, how often and how long',
    imports: [
      'domain',
      'domain/node',
      'domain/owned',
      'domain/plan',
      'domain/pod',
      'domain/sidecar',
      'domain/status',
    ],
    packages: [],
  },
  'domain/run': {
    does: 'says what a run is sent, carries and shows',
    imports: [
      'domain',
      'domain/failure',
      'domain/node',
      'domain/plan',
      'domain/text',
      'domain/work',
    ],
    packages: [],
  },
  'activities/contract': {
    does: 'says what workflows may ask of the world, as types',
    imports: ['domain/**'],
    packages: [],
  },
  workflows: {
    does: 'holds the sequences; read them like a runbook',
    imports: ['domain/**', 'activities/contract'],
    packages: ['@temporalio/workflow', '@temporalio/common'],
  },
  'kubernetes/api': {
    does: 'speaks HTTP with an API server: connection, credentials, errors',
    imports: ['domain/**'],
  },
  'kubernetes/views': {
    does: 'reduces live objects to what decisions need',
    imports: ['domain/**', 'kubernetes/api'],
  },
  'kubernetes/watch': {
    does: 'keeps what is watched in memory',
    imports: ['domain/**', 'kubernetes', 'kubernetes/api', 'kubernetes/views'],
  },
  kubernetes: {
    does: 'holds the port to a cluster (`cluster.ts`), its adapter, and the one writer of status',
    imports: ['domain/**', 'kubernetes/api', 'kubernetes/views'],
  },
  sidecar: { does: 'speaks HTTP with the sidecar of a node', imports: ['domain/**'] },
  manifests: {
    does: "renders a SeiNode and the platform's settings to objects",
    imports: ['domain/**'],
  },
  observation: {
    does: 'collects a node with its surroundings, live or from the caches',
    imports: [...CORE, 'manifests'],
  },
  settings: {
    does: 'reads every variable and file that an installation sets',
    imports: ['domain/**', 'manifests'],
  },
  process: {
    does: 'begins and ends a process: logs, health, tracing, opened connections',
    imports: [...CORE, 'settings'],
  },
  metrics: { does: 'counts what happens, for Prometheus', imports: [...CORE, 'process'] },
  temporal: {
    does: 'connects to Temporal, encrypts payloads, sets a namespace up; `runs/` starts, signals and steers runs',
    imports: [...CORE, 'settings', 'process', 'metrics'],
  },
  activities: {
    does: 'performs one step per file; `contract/` is all that workflows know of them, `shared/` what several do',
    imports: [...CORE, 'manifests', 'observation', 'activities/**'],
  },
  worker: {
    does: 'is the process that runs workflows and activities',
    imports: [...CORE, 'manifests', 'observation', ...SURROUNDINGS, 'activities/**'],
  },
  starter: {
    does: 'is the watcher: the process that starts runs on drift; `leadership/` elects one of several',
    imports: [...CORE, 'manifests', 'observation', ...SURROUNDINGS],
  },
  'cli/node': {
    does: 'decides what the command line says of a node, purely',
    imports: ['domain/**'],
    packages: ['leven'],
  },
  'cli/screens': {
    does: 'turns what `cli/node` says into text, purely',
    imports: ['domain/**', 'cli/node', 'cli/diff'],
    packages: [],
  },
  'cli/diff': {
    does: 'compares two objects, purely',
    imports: ['domain/**'],
    packages: ['diff', 'diff/**'],
  },
  cli: {
    does: 'is the command line tool',
    imports: [...CORE, 'manifests', 'observation', ...SURROUNDINGS, 'cli/**'],
  },
};

/** Packages that belong to one folder, or to none: all other folders import at most their types. */
export const KEPT_PACKAGES: Readonly<Record<string, string | undefined>> = {
  '@kubernetes/client-node': undefined,
  '@temporalio/worker': 'worker',
  '@temporalio/workflow': 'workflows',
};
