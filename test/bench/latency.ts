import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import { openTestbed } from '../support/testbed/testbed.ts';
import { createBenchOperator } from './bench-operator.ts';
import { doing } from './doing.ts';
import { nodeFleet } from './node-fleet.ts';
import type { BenchOptions } from './options.ts';
import type { ProcessValues } from './process-memory.ts';
import { memoryOf } from './process-memory.ts';
import type { Comparison } from './side-by-side.ts';
import { compare } from './side-by-side.ts';

export interface Latency {
  readonly comparisons: readonly Comparison[];
  /** Bytes in memory after the largest fleet was updated. */
  readonly residentBytes: ProcessValues;
}

const FIRST_IMAGE = 'ghcr.io/sei-protocol/sei:bench';
/** A fleet takes seconds where one node takes milliseconds, and varies less. */
const ROUNDS_OF_ONE_PER_ROUND_OF_A_FLEET = 5;

/** Updates fleets of these sizes by the operator and by hand, the smallest first. */
export async function measureLatency(
  cluster: Devcluster,
  { nodes: sizes, rounds }: Pick<BenchOptions, 'nodes' | 'rounds'>,
): Promise<Latency> {
  const bed = await openTestbed(cluster, 'bench', 'of-the-admin');
  try {
    const operator = createBenchOperator(bed);
    await operator.start();
    const compared = { bed, operator, fleet: nodeFleet(bed.nodes, FIRST_IMAGE) };
    const comparisons: Comparison[] = [];
    for (const nodes of sizes) {
      const times = nodes === 1 ? rounds : Math.ceil(rounds / ROUNDS_OF_ONE_PER_ROUND_OF_A_FLEET);
      comparisons.push(
        await doing(`Updating ${nodes} at once, ${times} times, and as often by hand`, () =>
          compare(compared, { nodes, rounds: times }),
        ),
      );
    }
    return { comparisons, residentBytes: memoryOf(bed) };
  } finally {
    await bed.close();
  }
}
