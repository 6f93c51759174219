import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { bringUp } from '../../../devcluster/instance/bring-up.ts';
import { progressOn } from '../../../devcluster/progress.ts';
import { ANY_PORT, getText, metricsUrl } from '../../metrics/scrape.ts';
import { installCrd } from '../../support/testbed/install-crd.ts';
import { conditionOf } from '../../support/testbed/node-conditions.ts';
import type { OperatorProcess } from '../../support/testbed/operator-process.ts';
import { V1, V2, V3 } from '../../support/testbed/sei-nodes.ts';
import type { Testbed } from '../../support/testbed/testbed.ts';
import { openTestbed } from '../../support/testbed/testbed.ts';
import { ENDS_AT, RECORDED_AT, recordingFrom, SCRAPE_SECONDS } from './recording.ts';

/**
 * Records the metrics of a bad quarter of an hour in a devcluster of its own, as a Prometheus that
 * scrapes every 15 seconds would: the series that the alert rules are tested against. It takes as long
 * as it says; run it again when a metric that a rule uses has changed.
 */
const CANNOT_PULL = 'ghcr.io/sei-protocol/sei:cannot-pull';

/** What happens, by the scrape before which it does. */
const EVENTS: Readonly<Record<number, (bed: Testbed, run: Run) => Promise<unknown>>> = {
  0: async (bed, run) => {
    run.worker = await bed.start('worker', ANY_PORT);
    run.watcher = await bed.start('watcher', ANY_PORT);
    for (const name of ['steady', 'stuck', 'stuck-too', 'failing', 'denied']) {
      await bed.nodes.createRunning(name, V1);
    }
  },
  [RECORDED_AT.trouble]: async (bed) => {
    await bed.nodes.setImage('steady', V2);
    await bed.nodes.setImage('stuck', CANNOT_PULL);
    await bed.nodes.setImage('stuck-too', CANNOT_PULL);
    await bed.sidecars.setFaults(bed.key('failing'), { kind: 'task-fails', error: 'disk full' });
    await bed.nodes.setImage('failing', V2);
    await bed.nodes.patchSpec('denied', {
      sidecar: { resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } },
    });
    await bed.sidecars.setFaults(bed.key('doomed'), {
      kind: 'task-fails',
      error: 'no such peer',
      taskTypes: ['config-apply'],
    });
    await bed.nodes.create('doomed', { image: V1 });
    await bed.nodes.until('doomed', 'it has failed', ({ status }) => status?.phase === 'Failed');
    await bed.nodes.until('denied', 'it is refused', (node) =>
      (conditionOf(node, 'Stalled') ?? '').startsWith('True'),
    );
  },
  [RECORDED_AT.unauthorized]: async (bed) => {
    await bed.sidecars.setFaults(bed.key('steady'), { kind: 'unauthorized' });
    await bed.nodes.setImage('steady', V3);
  },
  [RECORDED_AT.noWorker]: async (bed, run) => {
    await run.end('worker');
    await bed.nodes.create('later', { image: V1 });
  },
  [RECORDED_AT.noTemporal]: async (bed) => {
    await bed.cluster.stopTemporal();
    await bed.nodes.setImage('stuck', V1);
  },
  [RECORDED_AT.noWatcher]: (_, run) => run.end('watcher'),
};

class Run {
  worker: OperatorProcess | undefined;
  watcher: OperatorProcess | undefined;

  async end(role: 'worker' | 'watcher'): Promise<void> {
    await this[role]?.stop('SIGTERM');
    this[role] = undefined;
  }

  async scrape(): Promise<readonly string[]> {
    const running = [this.worker, this.watcher].filter((each) => each !== undefined);
    const answers = running.map((each) => getText(`${metricsUrl(each)}/metrics`));
    return (await Promise.all(answers)).map(({ text }) => text);
  }
}

const progress = progressOn(process.stderr);
const cluster = await bringUp({
  name: `record-metrics-${process.pid}`,
  temporalStore: 'file',
  progress,
});
try {
  await installCrd(cluster);
  const bed = await openTestbed(cluster, 'recorded', 'of-the-admin');
  const run = new Run();
  const scrapes: (readonly string[])[] = [];
  for (let scrape = 0; scrape <= ENDS_AT; scrape += 1) {
    const next = delay(SCRAPE_SECONDS * 1_000);
    await EVENTS[scrape]?.(bed, run);
    scrapes.push(await run.scrape());
    process.stderr.write(`scrape ${scrape} of ${ENDS_AT}\n`);
    await next;
  }
  const file = path.join(import.meta.dirname, 'recorded-series.yaml');
  // The namespace is named for the process; nothing else in the series is of this run alone.
  await writeFile(file, recordingFrom(scrapes).replaceAll(bed.namespace, 'nodes'));
  await bed.close();
} finally {
  await cluster.down();
}
process.exit();
