import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import { ANY_PORT } from '../metrics/scrape.ts';
import { eventually } from '../support/eventually.ts';
import { openTestbed } from '../support/testbed/testbed.ts';
import { AS_SHIPPED } from './as-shipped.ts';
import { untilRunsClosed } from './bench-runs.ts';
import { doing } from './doing.ts';
import { readLoopGap } from './loop-gap.ts';
import { nodeFleet } from './node-fleet.ts';
import type { ProcessValues } from './process-memory.ts';
import { memoryOf } from './process-memory.ts';
import { timed } from './spread.ts';

/** A large fleet of two workers and one watcher; nobody has measured it by hand. */
export interface Scale {
  readonly nodes: number;
  readonly bringUp: ScaleStep;
  /** One image change for all; one of the workers is killed once half of the nodes have the image. */
  readonly update: ScaleStep;
  /** Bytes in memory at the end, of the worker that is left and of the watcher. */
  readonly memory: ProcessValues;
}

interface ScaleStep {
  /** Milliseconds until all are complete. */
  readonly time: number;
  /** Milliseconds for which the watcher has looked at nothing else, the longest. */
  readonly watcherGap: number;
}

const FIRST_IMAGE = 'ghcr.io/sei-protocol/sei:bench-1';
const NEXT_IMAGE = 'ghcr.io/sei-protocol/sei:bench-2';
/** Several times what 1,000 nodes take on two cores: a benchmark that hangs must end. */
const DEADLINE_MS = 60 * 60_000;

/** @throws when a node does not come up, or its update is not completed */
export async function measureScale(cluster: Devcluster, nodes: number): Promise<Scale> {
  const bed = await openTestbed(cluster, 'bench-scale', 'of-the-admin');
  try {
    const [victim] = await Promise.all([
      bed.start('worker', AS_SHIPPED),
      bed.start('worker', AS_SHIPPED),
      bed.start('watcher', { ...AS_SHIPPED, ...ANY_PORT }),
    ]);
    const fleet = nodeFleet(bed.nodes, FIRST_IMAGE, DEADLINE_MS);
    const step = async (work: () => Promise<unknown>): Promise<ScaleStep> => {
      await readLoopGap(bed);
      const time = await timed(work);
      const watcherGap = await readLoopGap(bed);
      await untilRunsClosed(bed);
      return { time, watcherGap };
    };
    const isHalfDone = (): boolean => {
      const done = fleet
        .names()
        .filter((name) => bed.nodes.versions(name).at(-1)?.status?.currentImage === NEXT_IMAGE);
      return done.length >= nodes / 2;
    };
    const killOne = async (): Promise<void> => {
      await eventually('half of the nodes have the next image', isHalfDone, DEADLINE_MS);
      await victim.stop('SIGKILL');
    };
    return {
      nodes,
      bringUp: await doing(`Bringing up ${nodes} nodes`, () => step(() => fleet.growTo(nodes))),
      update: await doing(`Updating ${nodes} nodes, and killing a worker`, () =>
        step(() => Promise.all([fleet.update(NEXT_IMAGE), killOne()])),
      ),
      memory: memoryOf(bed),
    };
  } finally {
    await bed.close();
  }
}
