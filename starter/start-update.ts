import { dueWork, isWork } from '../domain/due-work.ts';
import type { ObjectKey } from '../domain/node-ref.ts';
import { keyOf, nodeWorkflowId } from '../domain/node-ref.ts';
import { visible } from '../domain/visible.ts';
import { liveClusterApi } from '../kubernetes/live-cluster-api.ts';
import { observationLive } from '../observation/observation.ts';
import { connectWithin } from '../process/connect-within.ts';
import { createLogger } from '../process/logger.ts';
import { connectFromEnvironment } from '../process/open-cluster.ts';
import { runMain } from '../process/run-main.ts';
import { readPlatform } from '../settings/read-platform.ts';
import { readSettings } from '../settings/settings.ts';
import { UserError } from '../settings/user-error.ts';
import { workPolicy } from '../settings/work-policy.ts';
import { nodeWork } from '../temporal/runs/node-runs.ts';
import { openStarter } from '../temporal/runs/open-starter.ts';
import { startedByTemporal, unlessRefused } from './start-update-refusals.ts';

/** Starts by hand what the watcher would start for one node: `npm run start-update -- NAMESPACE/NAME`. */
async function main(): Promise<void> {
  const key = nodeFromArguments(process.argv.slice(2));
  const settings = readSettings(process.env);
  const platform = readPlatform();
  const policy = workPolicy(settings, platform);
  const kubernetes = connectFromEnvironment('seinode-start-update');
  const api = liveClusterApi(kubernetes);
  const ask = <T>(get: () => Promise<T>): Promise<T> =>
    connectWithin(
      settings.connectTimeoutSeconds,
      `Kubernetes at ${kubernetes.server}`,
      'check KUBECONFIG and that the API server is up',
      () => unlessRefused(kubernetes.server, get),
    );
  const node = await ask(() => api.getNode(key));
  if (node === undefined) {
    throw new UserError(
      `SeiNode ${keyOf(key)} does not exist in ${kubernetes.server}; kubectl get snode -A lists those that do`,
    );
  }
  const observation = await ask(() =>
    observationLive({ api, policy, platform }, node, async () => undefined),
  );
  const due = dueWork(observation, policy);
  if (!isWork(due)) {
    const why =
      due.kind === 'held' ? `held by ${due.hold.actor}: ${due.hold.reason}; send resume` : due.why;
    process.stdout.write(`${keyOf(key)}: nothing to do: ${visible(why)}\n`);
    return;
  }
  const logger = createLogger(settings.logLevel, 'start-update');
  const { starter, cluster, temporal, close } = await openStarter(settings, kubernetes, logger);
  const told = { address: temporal.connection.address, namespace: temporal.namespace };
  await startedByTemporal(told, () =>
    starter.startOrSignal(node, nodeWork(observation, due), 'change'),
  );
  await close();
  process.stdout.write(
    `${keyOf(key)}: ${due.kind} is under way as workflow ${nodeWorkflowId(cluster, key)}\n`,
  );
}

function nodeFromArguments(args: readonly string[]): ObjectKey {
  const [node = ''] = args;
  const [namespace, name, ...rest] = node.split('/');
  if (args.length !== 1 || !namespace || !name || rest.length > 0) {
    throw new UserError(
      `expected one argument NAMESPACE/NAME, such as default/pacific-rpc-0, got "${args.join(' ')}"`,
    );
  }
  return { namespace, name };
}

await runMain('seinode start-update', main);
