import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import { ANY_PORT } from '../metrics/scrape.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { openTestbed } from '../support/testbed/testbed.ts';
import { atOnce } from './at-once.ts';
import { createBenchOperator } from './bench-operator.ts';
import { countRunsSince, untilRunsClosed } from './bench-runs.ts';
import { doing } from './doing.ts';
import { readLoopGap } from './loop-gap.ts';
import { memberNames } from './member-names.ts';
import { nodeFleet } from './node-fleet.ts';
import type { ProcessValues } from './process-memory.ts';
import { memoryOf } from './process-memory.ts';
import type { Spread } from './spread.ts';
import { spreadOf } from './spread.ts';

/** The updates of a fleet beside nodes of its namespace that are watched and need nothing. */
export interface BesideResting {
  readonly nodes: number;
  readonly resting: number;
  /** Before there were any. */
  readonly usual: UpdatesOfFleet;
  /** By processes that were started beside them. */
  readonly beside: UpdatesOfFleet;
}

interface UpdatesOfFleet {
  /** Milliseconds until all are complete. */
  readonly times: Spread;
  /** Milliseconds for which the watcher has looked at nothing else, the longest. */
  readonly watcherGap: number;
  /** Bytes in memory afterwards. */
  readonly memory: ProcessValues;
}

const NODES = 100;
const ROUNDS = 2;

/** @throws when the operator finds anything to do for a node at rest */
export async function measureBesideResting(
  cluster: Devcluster,
  resting: number,
): Promise<BesideResting> {
  const bed = await openTestbed(cluster, 'bench-resting', 'of-the-admin');
  try {
    const operator = createBenchOperator(bed, ANY_PORT);
    let images = 0;
    const image = (): string => `ghcr.io/sei-protocol/sei:bench-${images}`;
    const fleet = nodeFleet(bed.nodes, image());
    const update = async (): Promise<number> => {
      images += 1;
      const { complete } = await fleet.update(image());
      await untilRunsClosed(bed);
      return complete;
    };
    const updates = async (): Promise<UpdatesOfFleet> => {
      // The first pays for what happens only once.
      await update();
      await readLoopGap(bed);
      const values: number[] = [];
      while (values.length < ROUNDS) values.push(await update());
      const watcherGap = await readLoopGap(bed);
      return { times: spreadOf(values), watcherGap, memory: memoryOf(bed) };
    };

    await operator.start();
    await fleet.growTo(NODES);
    await untilRunsClosed(bed);
    const usual = await doing(`Updating ${NODES} nodes`, updates);
    // Otherwise it would see each of them before the pause is on its status.
    await operator.stop();
    await doing(`Making ${resting} nodes at rest`, () => makeResting(bed, resting));
    const since = new Date();
    await operator.start();
    const beside = await doing(`Updating ${NODES} nodes beside them`, updates);
    const syncs = await countRunsSince(bed, 'nodeSync', since);
    if (syncs > 0) throw new Error(`the operator has worked on ${syncs} nodes at rest`);
    return { nodes: NODES, resting, usual, beside };
  } finally {
    await bed.close();
  }
}

/** Makes nodes that were paused before they ever had a pod, as their status says. */
async function makeResting({ nodes }: Testbed, count: number): Promise<void> {
  await atOnce(memberNames(NODES, NODES + count), async (name) => {
    const { metadata } = await nodes.create(name, { paused: true });
    await nodes.patchStatus(name, {
      phase: 'Pending',
      observedGeneration: metadata.generation,
      conditions: [
        {
          type: 'Paused',
          status: 'True',
          reason: 'Paused',
          message: 'the node is scaled to zero',
          observedGeneration: metadata.generation,
          lastTransitionTime: new Date().toISOString(),
        },
      ],
    });
  });
}
