import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import { NODE_LABEL } from '../../domain/node/sei-node.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { openTestbed } from '../support/testbed/testbed.ts';
import { createBenchOperator } from './bench-operator.ts';
import { untilRunsClosed } from './bench-runs.ts';
import { openByHand } from './by-hand.ts';
import { doing } from './doing.ts';
import { memberNames } from './member-names.ts';
import { nodeFleet } from './node-fleet.ts';
import type { Spread } from './spread.ts';
import { spreadOf, timed } from './spread.ts';

/** The time from nothing until so many nodes run. */
export interface BringUp {
  readonly nodes: number;
  /** The objects that such nodes consist of, created at once by hand, until their pods run. */
  readonly floor: Spread;
  readonly ours: Spread;
}

const IMAGE = 'ghcr.io/sei-protocol/sei:bench';
/** By hand and ours in turns, so that anything else that the machine does meanwhile hits both. */
const TURNS = 2;
/** Pays for what happens only once, such as compiling in a process that has just been started. */
const WARM_UP = 5;
/** Ten times what 100 nodes take to go on two cores. */
const GONE_WITHIN = '--timeout=300s';

/** Brings up fleets of these sizes, one after the other; each is taken down again. */
export async function measureBringUp(
  cluster: Devcluster,
  sizes: readonly number[],
): Promise<readonly BringUp[]> {
  const bed = await openTestbed(cluster, 'bench-bring-up', 'of-the-admin');
  // The operator does not watch this namespace, and is at rest meanwhile.
  const bare = await openTestbed(cluster, 'bench-bring-up-floor', 'of-the-admin');
  try {
    await createBenchOperator(bed).start();
    const once = async (nodes: number) => ({
      floor: await bringUpByHand(bare, nodes),
      ours: await bringUpOurs(bed, nodes),
    });
    await doing('Warming up', () => once(WARM_UP));
    const found: BringUp[] = [];
    for (const nodes of sizes) {
      await doing(
        `Bringing up ${nodes} at once, ${TURNS} times, and as often by hand`,
        async () => {
          const turns = [];
          while (turns.length < TURNS) turns.push(await once(nodes));
          const floor = spreadOf(turns.map((turn) => turn.floor));
          found.push({ nodes, floor, ours: spreadOf(turns.map((turn) => turn.ours)) });
        },
      );
    }
    return found;
  } finally {
    await Promise.all([bed.close(), bare.close()]);
  }
}

async function bringUpByHand(bare: Testbed, nodes: number): Promise<number> {
  const hand = await openByHand(bare);
  try {
    return await timed(() => hand.bringUp(memberNames(0, nodes), IMAGE));
  } finally {
    await hand.close();
    const kinds = 'statefulset,service,configmap,persistentvolumeclaim';
    const made = ['--selector', NODE_LABEL, '--cascade=foreground', GONE_WITHIN];
    await bare.kubectl(['delete', kinds, ...made]);
  }
}

async function bringUpOurs(bed: Testbed, nodes: number): Promise<number> {
  try {
    return await timed(() => nodeFleet(bed.nodes, IMAGE).growTo(nodes));
  } finally {
    await bed.kubectl(['delete', 'seinodes', '--all', GONE_WITHIN]);
    await untilRunsClosed(bed);
  }
}
