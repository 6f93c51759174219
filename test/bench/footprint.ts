import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import { startApiRecorder } from '../support/servers/api-recorder.ts';
import type { ApiRecorder } from '../support/servers/api-recorder.ts';
import { openTestbed } from '../support/testbed/testbed.ts';
import { memberNames } from './member-names.ts';
import { nodeFleet } from './node-fleet.ts';

/** The cost of updates beside time. */
export interface Footprint {
  /** API requests of one update alone, worker and watcher together; no watches. */
  readonly requestsAlone: number;
  /** The same for each of `fleet` updates at once. */
  readonly requestsAtOnce: number;
  readonly fleet: number;
  /** TLS connections that a process has opened from its start to its end. */
  readonly connections: { readonly worker: number; readonly watcher: number };
  /** Watches that each of the processes has open. */
  readonly watches: { readonly worker: number; readonly watcher: number };
  /** Events in the history of the update that was alone. */
  readonly historyEvents: number;
}

const FLEET = 20;

/** Measures through proxies that count, and therefore apart from everything that is timed. */
export async function measureFootprint(cluster: Devcluster): Promise<Footprint> {
  const bed = await openTestbed(cluster, 'bench-footprint', 'of-the-admin');
  const worker = await startApiRecorder(cluster, bed.envOf('worker'));
  const watcher = await startApiRecorder(cluster, bed.envOf('watcher'));
  try {
    await bed.start('worker', { KUBECONFIG: worker.kubeconfigPath });
    await bed.start('watcher', { KUBECONFIG: watcher.kubeconfigPath });
    const calls = (): number => callsOf(worker) + callsOf(watcher);
    const images = (round: number): string => `ghcr.io/sei-protocol/sei:footprint-${round}`;

    const fleet = nodeFleet(bed.nodes, images(0));
    await fleet.growTo(1);
    await bed.runs.closed(bed.key('n0'));
    const before = calls();
    await fleet.update(images(1));
    const historyEvents = (await bed.runs.closed(bed.key('n0'))).at(-1)?.historyLength ?? 0;
    const requestsAlone = calls() - before;

    await fleet.growTo(FLEET);
    await closed(bed);
    const beforeFleet = calls();
    await fleet.update(images(2));
    await closed(bed);
    return {
      requestsAlone,
      requestsAtOnce: (calls() - beforeFleet) / FLEET,
      fleet: FLEET,
      connections: { worker: worker.connections(), watcher: watcher.connections() },
      watches: { worker: watchesOf(worker), watcher: watchesOf(watcher) },
      historyEvents,
    };
  } finally {
    await bed.close();
    await Promise.all([worker.close(), watcher.close()]);
  }
}

async function closed(bed: Awaited<ReturnType<typeof openTestbed>>): Promise<void> {
  await Promise.all(memberNames(0, FLEET).map((name) => bed.runs.closed(bed.key(name))));
}

function callsOf({ requests }: ApiRecorder): number {
  return requests.filter(({ isWatch }) => !isWatch).length;
}

function watchesOf({ requests }: ApiRecorder): number {
  return new Set(requests.filter(({ isWatch }) => isWatch).map(({ path }) => path)).size;
}
