import { keyOf } from '../domain/node/node-ref.ts';
import { createAnswers } from '../metrics/answers.ts';
import { createCacheFact } from '../metrics/cache-fact.ts';
import { observedSidecar } from '../metrics/observed-sidecar.ts';
import { createProcessRegistry } from '../metrics/process-registry.ts';
import { createWatcherMetrics } from '../metrics/watcher-metrics.ts';
import { probeOf } from '../observation/probe-sidecar.ts';
import { createHealth } from '../process/health.ts';
import { createLogger } from '../process/logger.ts';
import { openCluster } from '../process/open-cluster.ts';
import { openSidecar } from '../process/open-sidecar.ts';
import { runMain } from '../process/run-main.ts';
import { serveMetrics } from '../process/serve-metrics.ts';
import { takeNoArguments } from '../process/take-no-arguments.ts';
import { closeTracing, openTracing } from '../process/tracing/open-tracing.ts';
import { untilStopped } from '../process/until-stopped.ts';
import { within } from '../process/within.ts';
import { readLeaseSettings } from '../settings/lease-settings.ts';
import { readPlatform } from '../settings/read-platform.ts';
import { readSettings } from '../settings/settings.ts';
import { readTemporalSettings } from '../settings/temporal-settings.ts';
import { workPolicy } from '../settings/work-policy.ts';
import { connectClient } from '../temporal/connect-client.ts';
import { keepConnection } from '../temporal/kept-connection.ts';
import { NODE_RUNS } from '../temporal/runs/node-runs.ts';
import { openStarter } from '../temporal/runs/open-starter.ts';
import { openLeadership } from './leadership/open-leadership.ts';
import { startWatcher } from './watcher.ts';

/** Watches SeiNodes and reports their due work until SIGTERM or SIGINT. */
async function main(): Promise<void> {
  takeNoArguments(process.argv.slice(2));
  const settings = readSettings(process.env);
  const election = readLeaseSettings(process.env);
  const platform = readPlatform();
  const policy = workPolicy(settings, platform);
  const logger = createLogger(settings.logLevel, 'watcher');
  const registry = createProcessRegistry('watcher', settings.metricsAddress !== undefined);
  const metrics = createWatcherMetrics(registry);
  const health = createHealth();
  const sidecar = observedSidecar(openSidecar(settings), metrics.errors);
  await serveMetrics(settings.metricsAddress, () => registry.metrics(), health, logger);

  const ended = new AbortController();
  const { connection, cache } = await openCluster(
    settings,
    'seinode-watcher',
    logger,
    ended.signal,
    metrics.watches.ended,
  );
  metrics.follow(cache);
  const tracing = await openTracing(settings, 'watcher', logger);
  const { runsOf, cluster, taskQueue, temporal, ...link } = await openStarter(
    settings,
    connection,
    logger,
    tracing,
  );
  const answers = createAnswers('temporal');
  keepConnection({
    connection: link.connection,
    settings: temporal,
    read: () => readTemporalSettings().connection,
    open: (to) => connectClient(to, settings.connectTimeoutSeconds),
    onReplaced: link.goOver,
    metrics: metrics.credentials,
    answers,
    signal: ended.signal,
    logger,
  });
  const { resyncSeconds } = settings;
  const starter = runsOf(NODE_RUNS);
  const lead = () =>
    startWatcher({
      cache,
      starter,
      policy,
      platform,
      resyncSeconds,
      probe: (node, pod) => probeOf({ sidecar }, node)(pod),
      probeSeconds: settings.sidecarProbeSeconds,
      metrics,
      logger,
    });
  // The caches are full already when this process is elected.
  const leadership = openLeadership({ election, connection, lead, logger });
  metrics.leadership.follow(leadership, election && keyOf(election));
  health.serve([createCacheFact(cache), answers.fact]);
  // From here on the process may be asked to end, and a reader of the next line may do so at once.
  const stopped = untilStopped();
  logger.info('watcher started', {
    kubernetes: connection.server,
    cluster,
    servedNamespaces: settings.servedNamespaces?.join(', ') ?? '(all)',
    temporal: temporal.connection.address,
    temporalNamespace: temporal.namespace,
    taskQueue,
  });
  await stopped;
  health.drain();
  logger.info('draining');
  // The next watcher makes the reports that this one has not made: it begins with all due work.
  await within(settings.shutdownGraceSeconds, leadership.stop());
  ended.abort();
  await link.close();
  await closeTracing(tracing);
  logger.info('watcher stopped');
}

await runMain('seinode watcher', main);
