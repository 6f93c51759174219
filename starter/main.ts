import { readFileSync } from 'node:fs';

import { Client, Connection } from '@temporalio/client';

import { readPlatformSettings } from '../manifests/platform-settings.ts';
import { connectWithin } from '../runtime/connect-within.ts';
import { createLogger } from '../runtime/logger.ts';
import { openCluster, resolveClusterName } from '../runtime/open-cluster.ts';
import { runMain } from '../runtime/run-main.ts';
import { readSettings } from '../runtime/settings.ts';
import { readTemporalSettings } from '../runtime/temporal-settings.ts';
import { asUserError } from '../runtime/user-error.ts';
import { workPolicy } from '../runtime/work-policy.ts';
import { createNodeStarter } from './node-starter.ts';
import { createSearchAttributes } from './search-attributes.ts';
import { untilStopped } from './until-stopped.ts';
import { startWatcher } from './watcher.ts';

/** Watches SeiNodes and keeps their runs informed until SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const temporal = readTemporalSettings();
  const platform = asUserError(() =>
    readPlatformSettings(process.env, (path) => readFileSync(path, 'utf8')),
  );
  const logger = createLogger(settings.logLevel, 'watcher');

  const stopped = new AbortController();
  const cluster = await openCluster(settings, 'seinode-watcher', logger, stopped.signal);
  const connection = await connectWithin(
    settings.connectTimeoutSeconds,
    `Temporal at ${temporal.connection.address}`,
    'check TEMPORAL_ADDRESS and that the server is up',
    () => Connection.connect(temporal.connection),
  );
  const clusterName = await resolveClusterName(settings, cluster.connection);
  const searchAttributes = createSearchAttributes(connection, temporal.namespace, logger);
  await searchAttributes.register();

  const stop = startWatcher({
    cache: cluster.cache,
    starter: createNodeStarter({
      client: new Client({ connection, namespace: temporal.namespace }),
      cluster: clusterName,
      taskQueue: settings.taskQueue,
      searchAttributes,
    }),
    policy: workPolicy(settings, platform),
    resyncSeconds: settings.resyncSeconds,
    logger,
  });
  logger.info('watcher started', {
    kubernetes: cluster.connection.server,
    cluster: clusterName,
    namespace: settings.watchNamespace ?? '(all)',
    temporal: temporal.connection.address,
    temporalNamespace: temporal.namespace,
  });
  await untilStopped();
  stop();
  stopped.abort();
  await connection.close();
  logger.info('watcher stopped');
}

await runMain('seinode watcher', main);
