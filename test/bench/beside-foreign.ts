import type { V1ConfigMap, V1StatefulSet } from '@kubernetes/client-node';

import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import { NODE_LABEL } from '../../domain/sei-node.ts';
import type { Testbed } from '../support/testbed.ts';
import { openTestbed } from '../support/testbed.ts';
import { AS_SHIPPED } from './as-shipped.ts';
import { atOnce } from './at-once.ts';
import { memberNames } from './fleet.ts';
import { nodeFleet } from './node-fleet.ts';
import { memoryOf } from './process-memory.ts';
import type { ProcessValues } from './results.ts';

/** What the operator's processes weigh beside objects that somebody else has made. */
export interface BesideForeign {
  readonly configMaps: number;
  readonly statefulSets: number;
  /** Bytes in memory after a node was brought up and rolled, and no more than that was there. */
  readonly normal: ProcessValues;
  /** The same processes, once the objects were made and a node was rolled again. */
  readonly watched: ProcessValues;
  /** Processes that were started beside the objects, after a roll. */
  readonly started: ProcessValues;
}

const CONFIG_MAPS = 300;
const STATEFUL_SETS = 2_000;
/** Just under what the API server takes. */
const CONFIG_MAP_BYTES = 1_000_000;

/** Measured last: the API server keeps what was made in memory for the rest of its life. */
export async function measureBesideForeign(cluster: Devcluster): Promise<BesideForeign> {
  const bed = await openTestbed(cluster, 'bench-foreign');
  try {
    let rolls = 0;
    const image = (): string => `ghcr.io/sei-protocol/sei:foreign-${rolls}`;
    const fleet = nodeFleet(bed.nodes, image());
    const afterRoll = async (): Promise<ProcessValues> => {
      rolls += 1;
      await fleet.update(image());
      return memoryOf(bed);
    };

    await startProcesses(bed);
    await fleet.growTo(1);
    const normal = await afterRoll();
    await makeForeign(bed);
    await untilSeen(bed);
    const watched = await afterRoll();
    await Promise.all(bed.processes().map((each) => each.stop('SIGTERM')));
    await startProcesses(bed);
    const started = await afterRoll();
    return { configMaps: CONFIG_MAPS, statefulSets: STATEFUL_SETS, normal, watched, started };
  } finally {
    await bed.close();
  }
}

async function startProcesses(bed: Testbed): Promise<void> {
  await Promise.all([bed.start('worker', AS_SHIPPED), bed.start('watcher', AS_SHIPPED)]);
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

/** The watches bring changes in their order: what is made anew was seen after all that was made before. */
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

/** Of another node, which there is not: the label is all that it takes to be watched. */
function configMap(name: string): V1ConfigMap {
  return {
    metadata: { name, labels: { [NODE_LABEL]: 'foreign' } },
    data: { text: 'x'.repeat(CONFIG_MAP_BYTES) },
  };
}

/** With a template of some size, and no pods. */
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
