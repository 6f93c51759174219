import { NativeConnection } from '@temporalio/worker';

import { createActivities } from '../activities/index.ts';
import { createSidecarLookShare } from '../activities/shared/sidecar-looks.ts';
import type { ObjectKey } from '../domain/node/node-ref.ts';
import { targetFor } from '../domain/node/target.ts';
import { createLiveClusterApi } from '../kubernetes/live-cluster-api.ts';
import { createAnswers } from '../metrics/answers.ts';
import { createCacheFact } from '../metrics/cache-fact.ts';
import { observedClusterApi } from '../metrics/observed-cluster-api.ts';
import { observedSidecar } from '../metrics/observed-sidecar.ts';
import { createProcessRegistry } from '../metrics/process-registry.ts';
import { createWorkerMetrics } from '../metrics/worker-metrics.ts';
import { createHealth } from '../process/health.ts';
import { createLogger } from '../process/logger.ts';
import { openCluster } from '../process/open-cluster.ts';
import { openSidecar } from '../process/open-sidecar.ts';
import { resolveInstallation } from '../process/resolve-installation.ts';
import { runMain } from '../process/run-main.ts';
import { serveMetrics } from '../process/serve-metrics.ts';
import { createSidecarTokens } from '../process/sidecar-tokens.ts';
import { takeNoArguments } from '../process/take-no-arguments.ts';
import { closeTracing, openTracing } from '../process/tracing/open-tracing.ts';
import { untilStopped } from '../process/until-stopped.ts';
import { readPlatform } from '../settings/read-platform.ts';
import { readSettings } from '../settings/settings.ts';
import { readTemporalSettings } from '../settings/temporal-settings.ts';
import { workPolicy } from '../settings/work-policy.ts';
import { connectTemporal } from '../temporal/connect-temporal.ts';
import { dataConverterFrom } from '../temporal/data-converter.ts';
import { keepConnection } from '../temporal/kept-connection.ts';
import { readWorkerVersioning } from '../temporal/worker-versioning.ts';
import { activityLogger } from './activity-fields.ts';
import { expositionOf } from './exposition.ts';
import { installedWorkers } from './installed-workers.ts';
import { createNodeWorkers } from './node-worker.ts';
import { observedActivities } from './observed-activities.ts';
import { runUntilStopped } from './run-until-stopped.ts';
import { freeLoopbackPort } from './sdk-metrics.ts';
import { installTemporalRuntime } from './temporal-runtime.ts';
import { workflowBundle } from './workflow-bundle.ts';

/** Runs workflows and activities until SIGTERM or SIGINT, then lets short steps finish. */
async function main(): Promise<void> {
  takeNoArguments(process.argv.slice(2));
  const settings = readSettings(process.env);
  const temporal = readTemporalSettings();
  const workerDeploymentOptions = readWorkerVersioning(process.env);
  const platform = readPlatform();
  const logger = createLogger(settings.logLevel, 'worker');
  const dataConverter = dataConverterFrom(process.env, logger);
  const registry = createProcessRegistry('worker', settings.metricsAddress !== undefined);
  const metrics = createWorkerMetrics(registry);
  const health = createHealth();
  const { metricsAddress, logLevel } = settings;
  const sdkPort = metricsAddress === undefined ? undefined : await freeLoopbackPort();
  installTemporalRuntime({ logLevel, logger, metricsPort: sdkPort });
  await serveMetrics(metricsAddress, expositionOf(registry, sdkPort, logger), health, logger);

  const ended = new AbortController();
  const cluster = await openCluster(
    settings,
    'seinode-worker',
    logger,
    ended.signal,
    metrics.watches.ended,
  );
  metrics.watches.follow(cluster.cache);
  const tokens = await createSidecarTokens(settings, cluster.connection);
  const sidecar = openSidecar(settings, tokens);
  const installation = await resolveInstallation(settings, cluster.connection);
  let connection = await connectTemporal(
    temporal.connection,
    settings.connectTimeoutSeconds,
    (to) => NativeConnection.connect(to),
  );
  const tracing = await openTracing(settings, 'worker', logger);
  const traced = tracing && (await import('./traced-worker.ts')).tracedWorker(tracing);
  const activityLog = activityLogger(logger);
  const policy = workPolicy(settings, platform);
  const imageOf = (key: ObjectKey): string | undefined => {
    const node = cluster.cache.node(key);
    return node && targetFor(node, policy.defaultSidecarImage).image;
  };
  const activities = createActivities({
    api: observedClusterApi(createLiveClusterApi(cluster.connection), metrics),
    cache: cluster.cache,
    sidecar: observedSidecar(sidecar, metrics.errors),
    sidecarLooks: createSidecarLookShare(),
    platform,
    policy,
    checksSecrets: settings.checksSecrets,
    checksSuccessor: settings.checksSuccessor,
    logger: activityLog,
    now: () => new Date(),
  });
  const workers = await createNodeWorkers(
    installedWorkers({
      connection,
      namespace: temporal.namespace,
      installation,
      temporal: {
        ...(dataConverter && { dataConverter }),
        ...(workerDeploymentOptions && { workerDeploymentOptions }),
      },
      bundle: await workflowBundle({
        traced: traced !== undefined,
        failureConverterPath: dataConverter?.failureConverterPath,
      }),
      activities: observedActivities(activities, { runs: metrics.runs, logger: activityLog }),
      steps: metrics.steps,
      imageOf,
      traced,
      graceSeconds: settings.shutdownGraceSeconds,
    }),
  );
  const answers = createAnswers('temporal');
  keepConnection({
    connection,
    settings: temporal,
    read: () => readTemporalSettings().connection,
    open: (to) => NativeConnection.connect(to),
    onReplaced: (next) => {
      connection = next;
      for (const worker of workers) worker.connection = next;
    },
    metrics: metrics.credentials,
    answers,
    signal: ended.signal,
    logger,
  });
  await runUntilStopped({
    workers,
    health,
    facts: [createCacheFact(cluster.cache), answers.fact],
    stopped: untilStopped(),
    onServing: () =>
      logger.info('worker started', {
        kubernetes: cluster.connection.server,
        temporal: temporal.connection.address,
        temporalNamespace: temporal.namespace,
        cluster: installation.cluster,
        servedNamespaces: settings.servedNamespaces?.join(', ') ?? '(all)',
        taskQueue: installation.taskQueue,
      }),
    logger,
  });
  ended.abort();
  await connection.close();
  await closeTracing(tracing);
  logger.info('worker stopped');
}

await runMain('seinode worker', main);
