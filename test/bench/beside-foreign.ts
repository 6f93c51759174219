import { setTimeout as delay } from 'node:timers/promises';

import type { V1ConfigMap, V1StatefulSet } from '@kubernetes/client-node';

import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import { NODE_LABEL } from '../../domain/node/sei-node.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { openTestbed } from '../support/testbed/testbed.ts';
import { AS_SHIPPED } from './as-shipped.ts';
import { atOnce } from './at-once.ts';
import { memberNames } from './member-names.ts';
import { nodeFleet } from './node-fleet.ts';
import { memoryOf } from './process-memory.ts';
import type { ProcessValues } from './process-memory.ts';
import { spreadOf } from './spread.ts';

/** The memory of the operator's processes beside objects that somebody else has made. */
export interface BesideForeign {
  readonly configMaps: number;
  readonly statefulSets: number;
  /** Bytes in memory after the rolls of a node, their median, while there was only that node. */
  readonly normal: ProcessValues;
  /** The same of the same processes, once the objects were made, after as many rolls. */
  readonly watched: ProcessValues;
  /** The same of processes that were started beside the objects, after as many rolls. */
  readonly started: ProcessValues;
}

const CONFIG_MAPS = 300;
const STATEFUL_SETS = 2_000;
/** Just under the limit of the API server. */
const CONFIG_MAP_BYTES = 1_000_000;
/** Chance decides how much is not collected yet after one of them. */
const ROLLS = 5;
/** At rest, V8 collects after some 10 seconds, and a few times in a row. */
const REST_MS = 30_000;
const NOISE = 2_000_000;

/** Measures this last: the API server keeps these objects in memory for the rest of its life. */
export async function measureBesideForeign(cluster: Devcluster): Promise<BesideForeign> {
  const bed = await openTestbed(cluster, 'bench-foreign', 'of-the-admin');
  try {
    let rolls = 0;
    const image = (): string => `ghcr.io/sei-protocol/sei:foreign-${rolls}`;
    const fleet = nodeFleet(bed.nodes, image());
    const afterRolls = async (): Promise<ProcessValues> => {
      const weighed: ProcessValues[] = [];
      while (weighed.length < ROLLS) {
        rolls += 1;
        await fleet.update(image());
        weighed.push(memoryOf(bed));
      }
      const medianOf = (role: keyof ProcessValues) =>
        spreadOf(weighed.map((values) => values[role])).median;
      return { worker: medianOf('worker'), watcher: medianOf('watcher') };
    };

    await startProcesses(bed);
    await fleet.growTo(1);
    await untilSettled(bed);
    const normal = await afterRolls();
    await makeForeign(bed);
    await untilSeen(bed);
    const watched = await afterRolls();
    await Promise.all(bed.processes().map((each) => each.stop('SIGTERM')));
    await startProcesses(bed);
    await untilSettled(bed);
    const started = await afterRolls();
    return { configMaps: CONFIG_MAPS, statefulSets: STATEFUL_SETS, normal, watched, started };
  } finally {
    await bed.close();
  }
}

async function startProcesses(bed: Testbed): Promise<void> {
  await Promise.all([bed.start('worker', AS_SHIPPED), bed.start('watcher', AS_SHIPPED)]);
}

/** Waits until a start is over, which leaves some hundred megabytes of garbage behind: that would hide any addition. */
async function untilSettled(bed: Testbed): Promise<void> {
  for (let before = memoryOf(bed), hasFallen = true; hasFallen;) {
    await delay(REST_MS);
    const now = memoryOf(bed);
    hasFallen = now.worker < before.worker - NOISE || now.watcher < before.watcher - NOISE;
    before = now;
  }
}

async function makeForeign({ core, apps, namespace }: Testbed): Promise<void> {
  const configMaps = memberNames(0, CONFIG_MAPS).map((name) => `foreign-${name}`);
  await atOnce(configMaps, (name) =>
    core.createNamespacedConfigMap({ namespace, body: configMap(name) }),
  );
  const statefulSets = memberNames(0, STATEFUL_SETS).map((name) => `foreign-${name}`);
  await atOnce(statefulSets, (name) =>
    apps.createNamespacedStatefulSet({ namespace, body: statefulSet(name) }),
  );
}

/** Waits until a new object is seen: watches bring changes in order, so all earlier objects were seen by then. */
async function untilSeen({ core, namespace }: Testbed): Promise<void> {
  const [own] = (
    await core.listNamespacedConfigMap({ namespace, labelSelector: `${NODE_LABEL}=n0` })
  ).items;
  const name = own?.metadata?.name ?? '';
  await core.deleteNamespacedConfigMap({ namespace, name });
  const deadline = Date.now() + 120_000;
  for (;;) {
    const found = await core.readNamespacedConfigMap({ namespace, name }).catch(() => undefined);
    if (found !== undefined) return;
    if (Date.now() > deadline) throw new Error(`nobody has made ConfigMap ${name} anew`);
  }
}

/** Makes an object of a node that does not exist: its label suffices for it to be watched. */
function configMap(name: string): V1ConfigMap {
  return {
    metadata: { name, labels: { [NODE_LABEL]: 'foreign' } },
    data: { text: 'x'.repeat(CONFIG_MAP_BYTES) },
  };
}

/** Makes one with a template of some size, and no pods. */
function statefulSet(name: string): V1StatefulSet {
  const labels = { app: name };
  const env = Array.from({ length: 50 }, (_, at) => ({
    name: `NAME_${at}`,
    value: 'v'.repeat(80),
  }));
  return {
    metadata: { name, labels },
    spec: {
      replicas: 0,
      serviceName: name,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'main', image: 'registry.example/foreign:v1', env }] },
      },
    },
  };
}
