import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { AppsV1Api, CoreV1Api } from '@kubernetes/client-node';
import { Client, Connection } from '@temporalio/client';

import type { Devcluster } from '../../../devcluster/instance/devcluster.ts';
import { instanceEnvironment } from '../../../devcluster/instance/instance-processes.ts';
import { SidecarAdmin } from '../../../devcluster/sidecar/admin-client.ts';
import type { ObjectKey } from '../../../domain/node/node-ref.ts';
import { connect } from '../../../kubernetes/api/client.ts';
import type { PlatformSettings } from '../../../manifests/platform-settings.ts';
import { readPlatformSettings } from '../../../settings/read-platform-settings.ts';
import { caughtUp } from './caught-up.ts';
import type { NodePods } from './node-pods.ts';
import { nodePodsIn } from './node-pods.ts';
import type { NodeRuns } from './node-runs.ts';
import { nodeRuns } from './node-runs.ts';
import type { NodeStatefulSets } from './node-stateful-sets.ts';
import { nodeStatefulSetsIn } from './node-stateful-sets.ts';
import type { OperatorProcess, OperatorRole } from './operator-process.ts';
import { startOperatorProcess } from './operator-process.ts';
import type { SeiNodes } from './sei-nodes.ts';
import { seiNodesIn } from './sei-nodes.ts';
import { shippedEnvironment, serveNamespace, SHIPPED_SETTINGS } from './shipped-rights.ts';
import { typedApi } from './typed-api.ts';

type Environment = Readonly<Record<string, string>>;

/** A Kubernetes namespace with workers and watchers of its own, beside others in one devcluster. */
export interface Testbed {
  readonly cluster: Devcluster;
  /** The Kubernetes namespace. Also the task queue, and the cluster's name in workflow ids. */
  readonly namespace: string;
  readonly nodes: SeiNodes;
  readonly pods: NodePods;
  readonly statefulSets: NodeStatefulSets;
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  readonly sidecars: SidecarAdmin;
  readonly runs: NodeRuns;
  readonly temporal: Client;
  readonly platform: PlatformSettings;
  /** The environment of people here: their kubeconfig is an admin's. */
  readonly env: Environment;
  /** Returns the environment of this testbed's workers and watchers. */
  envOf(role: OperatorRole): Environment;
  /** The key of a node of this name. */
  key(name: string): ObjectKey;
  /** @param env beside the testbed's own, or in its place */
  start(role: OperatorRole, env?: Environment): Promise<OperatorProcess>;
  /** Lists the processes that were started, including those that have ended. */
  processes(): readonly OperatorProcess[];
  /** Runs kubectl in the namespace. */
  kubectl(args: readonly string[], options?: { readonly input?: string }): Promise<string>;
  close(): Promise<void>;
}

/**
 * The identity of workers and watchers in Kubernetes: the accounts that `deploy/` makes, under its policies, or the
 * admin where a test installs an operator itself.
 */
export type Rights = 'shipped' | 'of-the-admin';

/** Hundreds of processes load the same modules, which costs each of them a second of a processor. */
const COMPILE_CACHE = fileURLToPath(
  new URL('../../../node_modules/.cache/compile-cache', import.meta.url),
);

let opened = 0;

/** @param prefix distinguishes testbeds for people */
export async function openTestbed(
  cluster: Devcluster,
  prefix: string,
  rights: Rights,
): Promise<Testbed> {
  opened += 1;
  const namespace = `${prefix}-${process.pid}-${opened}`;
  const { kubeconfigPath } = cluster;
  const connection = connect({ kubeconfigPath, userAgent: 'seinode-test' });
  const watching = new AbortController();
  const core = typedApi(connection, CoreV1Api);
  await core.createNamespace({ body: { metadata: { name: namespace } } });
  const temporalConnection = await Connection.connect({ address: cluster.temporalAddress });
  const temporal = new Client({ connection: temporalConnection, namespace: cluster.namespace });
  const processes: OperatorProcess[] = [];
  const env: Environment = {
    // Marks them as the instance's, so that it ends those that outlive a broken test run.
    ...instanceEnvironment(cluster.name),
    ...cluster.env,
    ...(rights === 'shipped' && SHIPPED_SETTINGS),
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    SEINODE_NAMESPACE: namespace,
    SEINODE_TASK_QUEUE: namespace,
    SEINODE_CLUSTER_NAME: namespace,
  };
  const envOf = (role: OperatorRole): Environment => ({ ...env, ...rightsOf(role) });
  const rightsOf = (role: OperatorRole): Environment =>
    rights === 'shipped' ? shippedEnvironment(cluster, role) : {};
  if (rights === 'shipped') await serveNamespace(cluster, namespace);
  const asWorker = connect({
    kubeconfigPath: rightsOf('worker')['KUBECONFIG'] ?? kubeconfigPath,
    userAgent: 'seinode-test',
  });
  const pods = await nodePodsIn(connection, namespace, watching.signal);
  const statefulSets = await nodeStatefulSetsIn(connection, namespace, watching.signal);
  const { nodes, runs } = caughtUp({
    nodes: await seiNodesIn({ connection, asWorker, namespace, signal: watching.signal }),
    pods,
    statefulSets,
    runs: nodeRuns(temporal, namespace),
  });
  return {
    cluster,
    namespace,
    nodes,
    pods,
    statefulSets,
    core,
    apps: typedApi(connection, AppsV1Api),
    sidecars: new SidecarAdmin(cluster.sidecarAdminUrl),
    runs,
    temporal,
    platform: readPlatformSettings(env, (path) => readFileSync(path, 'utf8')),
    env,
    envOf,
    key: (name) => ({ namespace, name }),
    start: async (role, more = {}) => {
      const started = await startOperatorProcess(role, { ...envOf(role), ...more });
      processes.push(started);
      return started;
    },
    processes: () => processes,
    kubectl: (args, options) => cluster.kubectl(['--namespace', namespace, ...args], options),
    close: async () => {
      watching.abort();
      await Promise.all(processes.map((each) => each.stop('SIGKILL')));
      // Nobody takes their finalizers off any more: the namespace controller would try for ever.
      await nodes.letGo().catch(() => undefined);
      // Nobody waits until it is empty, and one may stay: the instance takes it along.
      await core.deleteNamespace({ name: namespace }).catch(() => undefined);
      await temporalConnection.close();
      await asWorker.close();
      await connection.close();
    },
  };
}
