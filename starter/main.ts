import { createLogger } from '../runtime/logger.ts';
import { openCluster } from '../runtime/open-cluster.ts';
import { openSidecar } from '../runtime/open-sidecar.ts';
import { readPlatform } from '../runtime/read-platform.ts';
import { runMain } from '../runtime/run-main.ts';
import { readSettings } from '../runtime/settings.ts';
import { workPolicy } from '../runtime/work-policy.ts';
import { probeOf } from '../sidecar/probe-sidecar.ts';
import { openStarter } from './open-starter.ts';
import { untilStopped } from './until-stopped.ts';
import { startWatcher } from './watcher.ts';

/** Watches SeiNodes and keeps their runs informed until SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const platform = readPlatform();
  const policy = workPolicy(settings, platform);
  const sidecar = openSidecar(settings);
  const logger = createLogger(settings.logLevel, 'watcher');
  const stopped = new AbortController();
  const { connection, cache } = await openCluster(
    settings,
    'seinode-watcher',
    logger,
    stopped.signal,
  );
  const { starter, cluster, temporal, close } = await openStarter(settings, connection, logger);
  const { resyncSeconds } = settings;
  const stop = startWatcher({
    cache,
    starter,
    policy,
    platform,
    resyncSeconds,
    probe: (node, pod) => probeOf({ sidecar }, node)(pod),
    probeSeconds: settings.sidecarProbeSeconds,
    logger,
  });
  logger.info('watcher started', {
    kubernetes: connection.server,
    cluster,
    namespace: settings.watchNamespace ?? '(all)',
    temporal: temporal.address,
    temporalNamespace: temporal.namespace,
  });
  await untilStopped();
  stop();
  stopped.abort();
  await close();
  logger.info('watcher stopped');
}

await runMain('seinode watcher', main);
