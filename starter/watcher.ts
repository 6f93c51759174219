import { Registry } from 'prom-client';

import type { Logger } from '../domain/logger.ts';
import type { ObjectKey } from '../domain/node/node-ref.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import type { PodView } from '../domain/pod/pod-view.ts';
import type { SidecarState } from '../domain/sidecar/sidecar-state.ts';
import type { WorkKind, WorkPolicy } from '../domain/work/due-work.ts';
import { dueWork, isWork } from '../domain/work/due-work.ts';
import type { ClusterCache } from '../kubernetes/cluster.ts';
import type { PlatformSettings } from '../manifests/platform-settings.ts';
import type { WatcherMetrics } from '../metrics/watcher-metrics.ts';
import { createWatcherMetrics } from '../metrics/watcher-metrics.ts';
import { observationFromCache } from '../observation/observation.ts';
import { nodeWork } from '../temporal/runs/node-runs.ts';
import type { RunClient } from '../temporal/runs/run-client.ts';
import { fingerprint } from './fingerprint.ts';
import type { Look, Reported } from './reporting.ts';
import { startReporting } from './reporting.ts';
import { startSidecarProber } from './sidecar-prober.ts';

export interface WatcherOptions {
  readonly cache: ClusterCache;
  readonly starter: Pick<RunClient<SeiNode>, 'startOrSignal' | 'startUnlessOpen' | 'signal'>;
  readonly policy: WorkPolicy;
  readonly platform: PlatformSettings;
  readonly resyncSeconds: number;
  /** Asks a pod's sidecar for its state. */
  readonly probe: (node: ObjectKey, pod: PodView) => Promise<SidecarState>;
  readonly probeSeconds: number;
  /** Default: nobody reads the counts. */
  readonly metrics?: Pick<WatcherMetrics, 'due' | 'reports'>;
  readonly logger: Logger;
}

/**
 * Reports the due work of SeiNodes to their runs. It decides nothing on its own: `dueWork` does, here and in the run.
 *
 * @returns a function that stops it, and resolves when the reports under way have ended
 */
export function startWatcher(options: WatcherOptions): () => Promise<void> {
  const { cache, starter, policy, resyncSeconds, logger } = options;
  const { metrics = createWatcherMetrics(new Registry()) } = options;

  const look = (node: SeiNode): Look<WorkKind> => {
    const observation = observationFromCache(options, node, { sidecar: prober.stateOf(node) });
    const due = dueWork(observation, policy);
    metrics.due.decided(node, due);
    return {
      fingerprint: fingerprint(observation, due),
      work: isWork(due) ? nodeWork(observation, due) : undefined,
      fields: { image: node.spec.image },
    };
  };
  const reporting = startReporting<SeiNode, WorkKind>(
    {
      get: (key) => cache.node(key),
      all: () => cache.nodes(),
      hasSynced: (key) => cache.hasSynced(key),
      look,
      isOwnEnd,
    },
    { runs: starter, resyncSeconds, metrics: metrics.reports, logger },
  );
  const prober = startSidecarProber({
    cache,
    probe: options.probe,
    everySeconds: options.probeSeconds,
    onChange: reporting.changed,
  });
  const unsubscribe = cache.subscribe(reporting.changed);
  for (const node of cache.nodes()) reporting.changed(node.metadata);

  return () => {
    prober.stop();
    unsubscribe();
    metrics.due.stopped();
    return reporting.stop();
  };
}

/**
 * Returns whether the only change is that the run has completed its plan: the run decides for itself what comes next,
 * and a signal while it closes would cost it another workflow task.
 */
function isOwnEnd(before: Reported<SeiNode>, now: Reported<SeiNode>): boolean {
  const [planBefore, planNow] = [before.object.status?.plan, now.object.status?.plan];
  return (
    planNow?.phase === 'Complete' &&
    !(planBefore?.id === planNow.id && planBefore?.phase === 'Complete') &&
    before.fingerprint.node === now.fingerprint.node
  );
}
