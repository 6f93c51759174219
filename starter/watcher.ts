import { Registry } from 'prom-client';

import type { WorkPolicy } from '../domain/due-work.ts';
import { dueWork, isWork } from '../domain/due-work.ts';
import type { Logger } from '../domain/logger.ts';
import { keyOf, parseKey } from '../domain/node-ref.ts';
import type { ObjectKey } from '../domain/node-ref.ts';
import type { PodView } from '../domain/pod-view.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import type { SidecarState } from '../domain/sidecar-state.ts';
import type { ClusterCache } from '../kubernetes/cluster.ts';
import type { PlatformSettings } from '../manifests/platform-settings.ts';
import type { WatcherMetrics } from '../metrics/watcher-metrics.ts';
import { watcherMetrics } from '../metrics/watcher-metrics.ts';
import { observationFromCache } from '../observation/observation.ts';
import type { Cause, NodeStarter } from '../temporal/runs/node-starter.ts';
import type { Fingerprint } from './fingerprint.ts';
import { fingerprint, isSame } from './fingerprint.ts';
import { createReportQueue } from './report-queue.ts';
import { startSidecarProber } from './sidecar-prober.ts';
import { slotOf } from './slot-of.ts';

export interface WatcherOptions {
  readonly cache: ClusterCache;
  readonly starter: NodeStarter;
  readonly policy: WorkPolicy;
  readonly platform: PlatformSettings;
  readonly resyncSeconds: number;
  /** Asks a pod's sidecar whether it is ready. */
  readonly probe: (node: ObjectKey, pod: PodView) => Promise<SidecarState>;
  readonly probeSeconds: number;
  /** Default: what happens is counted for nobody. */
  readonly metrics?: Pick<WatcherMetrics, 'due' | 'reports'>;
  readonly logger: Logger;
}

/** The node as it was reported last, or found to need no report. */
interface Reported {
  readonly fingerprint: Fingerprint;
  readonly node: SeiNode;
}

/**
 * Sees to it that each node's run knows of each change, and that a run is open wherever work is due.
 * It decides nothing by itself: `dueWork` does, and so does the run.
 *
 * @returns what stops it, and resolves when the reports under way have ended
 */
export function startWatcher(options: WatcherOptions): () => Promise<void> {
  const { cache, starter, policy, logger } = options;
  const { metrics = watcherMetrics(new Registry()) } = options;
  const reported = new Map<string, Reported>();
  const resyncs = new Set<string>();
  const queue = createReportQueue(report, (key, err) => {
    metrics.reports.failed();
    const error = (err as Error).message;
    logger.warn('report failed, will be repeated', { ...parseKey(key), error });
  });
  metrics.reports.follow(queue);

  async function report(key: string): Promise<void> {
    // What is not shown of the node may be to come: there is a change, once all is there.
    if (!cache.hasSynced(parseKey(key))) return;
    const before = reported.get(key);
    const isResync = resyncs.has(key);
    const node = cache.node(parseKey(key));
    if (node === undefined) {
      // A run that waits for a change of the node would wait for ever.
      if (before !== undefined) await starter.tell(before.node);
      reported.delete(key);
      resyncs.delete(key);
      return;
    }
    const observation = observationFromCache(options, node, { sidecar: prober.stateOf(node) });
    const due = dueWork(observation, policy);
    metrics.due.decided(node, due);
    const seen = fingerprint(observation, due);
    const isChange = !isSame(seen, before?.fingerprint);
    if (isWork(due) && (isChange || isResync)) {
      const cause: Cause = isChange ? 'change' : 'resync';
      const run = await starter.startOrTell(observation, due, cause);
      metrics.reports.reported(due.kind, cause);
      logger.debug('reported', {
        ...parseKey(key),
        ...run,
        image: node.spec.image,
        due: due.kind,
        cause,
      });
    } else if (isChange && before !== undefined && !isOwnEnd(before, { fingerprint: seen, node })) {
      await starter.tell(node);
    }
    // Only now: a report that failed is one that was not made.
    reported.set(key, { fingerprint: seen, node });
    resyncs.delete(key);
  }

  const prober = startSidecarProber({
    cache,
    probe: options.probe,
    everySeconds: options.probeSeconds,
    onChange: (key) => queue.add(keyOf(key), 'change'),
  });
  const unsubscribe = cache.subscribe((key) => queue.add(keyOf(key), 'change'));
  for (const node of cache.nodes()) queue.add(keyOf(node.metadata), 'change');

  let second = 0;
  const timer = setInterval(() => {
    second += 1;
    const slot = second % options.resyncSeconds;
    for (const node of cache.nodes()) {
      const key = keyOf(node.metadata);
      if (slotOf(key, options.resyncSeconds) !== slot) continue;
      resyncs.add(key);
      queue.add(key, 'resync');
    }
  }, 1_000);

  return () => {
    clearInterval(timer);
    prober.stop();
    unsubscribe();
    metrics.due.stopped();
    return queue.stop();
  };
}

/**
 * Whether all that has happened is that the run has completed its plan: it decides by itself what comes
 * next, and a signal while it closes would cost it another workflow task.
 */
function isOwnEnd(before: Reported, now: Reported): boolean {
  const [planBefore, planNow] = [before.node.status?.plan, now.node.status?.plan];
  return (
    planNow?.phase === 'Complete' &&
    !(planBefore?.id === planNow.id && planBefore?.phase === 'Complete') &&
    before.fingerprint.node === now.fingerprint.node
  );
}
