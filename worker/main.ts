import { NativeConnection } from '@temporalio/worker';

import { createActivities } from '../activities/index.ts';
import { liveClusterApi } from '../kubernetes/live-cluster-api.ts';
import { connectWithin } from '../runtime/connect-within.ts';
import { createLogger } from '../runtime/logger.ts';
import { openCluster } from '../runtime/open-cluster.ts';
import { openSidecar } from '../runtime/open-sidecar.ts';
import { readPlatform } from '../runtime/read-platform.ts';
import { runMain } from '../runtime/run-main.ts';
import { readSettings } from '../runtime/settings.ts';
import { readTemporalSettings } from '../runtime/temporal-settings.ts';
import { workPolicy } from '../runtime/work-policy.ts';
import { createNodeWorkers } from './node-worker.ts';
import { installTemporalRuntime } from './temporal-runtime.ts';
import { workflowBundle } from './workflow-bundle.ts';

/** Runs workflows and activities until SIGTERM or SIGINT, then lets short steps finish. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const temporal = readTemporalSettings();
  const platform = readPlatform();
  const sidecar = openSidecar(settings);
  const logger = createLogger(settings.logLevel, 'worker');
  installTemporalRuntime(settings.logLevel, logger);

  const stopped = new AbortController();
  const cluster = await openCluster(settings, 'seinode-worker', logger, stopped.signal);
  const connection = await connectWithin(
    settings.connectTimeoutSeconds,
    `Temporal at ${temporal.connection.address}`,
    'check TEMPORAL_ADDRESS and that the server is up',
    () => NativeConnection.connect(temporal.connection),
  );
  const activities = createActivities({
    api: liveClusterApi(cluster.connection),
    cache: cluster.cache,
    sidecar,
    platform,
    policy: workPolicy(settings, platform),
    logger,
    now: () => new Date(),
  });
  const workers = await createNodeWorkers({
    connection,
    namespace: temporal.namespace,
    taskQueue: settings.taskQueue,
    bundle: await workflowBundle(),
    activities,
  });
  logger.info('worker started', {
    kubernetes: cluster.connection.server,
    temporal: temporal.connection.address,
    temporalNamespace: temporal.namespace,
    taskQueue: settings.taskQueue,
  });
  try {
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    stopped.abort();
    await connection.close();
  }
  logger.info('worker stopped');
}

await runMain('seinode worker', main);
