import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { V1 } from '../support/testbed/sei-nodes.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { openTestbed } from '../support/testbed/testbed.ts';
import { AS_SHIPPED } from './as-shipped.ts';
import { atOnce } from './at-once.ts';
import { memberNames } from './member-names.ts';
import { nodeFleet } from './node-fleet.ts';
import type { ProcessValues } from './process-memory.ts';
import { memoryOf } from './process-memory.ts';
import type { Spread } from './spread.ts';
import { spreadOf, timed } from './spread.ts';

/** The rolls of one node beside broken ones of another namespace, which the same processes work on. */
export interface BesideBroken {
  readonly broken: number;
  /** The rolls of the same node in the same run, before there were any. */
  readonly usual: Spread;
  readonly beside: Spread;
  /** Bytes in memory before and after. */
  readonly memory: { readonly usual: ProcessValues; readonly beside: ProcessValues };
}

export interface BesideBrokenOptions {
  readonly broken: number;
  readonly rounds: number;
}

/** The number of broken nodes that wait for their pod. */
const WAITING = 300;

/** A tag that a stage of the devcluster gives this fate. */
const CANNOT_START = 'ghcr.io/sei-protocol/sei:config-error';

/** Thousands that come up at once cost several times as much as one batch after the other. */
const BATCH = 100;

/** Time for one batch on two cores; a benchmark that hangs must end. */
const DEADLINE_MS = 10 * 60_000;

/**
 * Breaks the nodes in three ways, each with an open run throughout: a container that cannot start, and a sidecar that
 * answers 503, which is asked again and again; from `WAITING` nodes on, a quota that refuses their claims, whose runs
 * try again and again. The first two take a pod each, and setting thousands of those up takes hours.
 */
export async function measureBesideBroken(
  cluster: Devcluster,
  { broken, rounds }: BesideBrokenOptions,
): Promise<BesideBroken> {
  const healthy = await openTestbed(cluster, 'bench-healthy', 'of-the-admin');
  const others = await openTestbed(cluster, 'bench-broken', 'of-the-admin');
  try {
    // One worker and one watcher for all namespaces.
    const env = { ...AS_SHIPPED, SEINODE_NAMESPACE: '' };
    await Promise.all([healthy.start('worker', env), healthy.start('watcher', env)]);
    let rolls = 0;
    const image = (): string => `ghcr.io/sei-protocol/sei:beside-${rolls}`;
    const fleet = nodeFleet(healthy.nodes, image());
    const roll = (): Promise<number> => {
      rolls += 1;
      return timed(() => fleet.update(image()));
    };
    const sample = async (): Promise<Spread> => {
      // The first roll warms up what has rested.
      await roll();
      const values: number[] = [];
      for (let round = 0; round < rounds; round += 1) values.push(await roll());
      return spreadOf(values);
    };

    await fleet.growTo(1);
    const usual = await sample();
    const before = memoryOf(healthy);
    await breakMany(others, broken);
    const beside = await sample();
    assertBroken(others, broken);
    return { broken, usual, beside, memory: { usual: before, beside: memoryOf(healthy) } };
  } finally {
    await healthy.close();
    await others.close();
  }
}

/** Resolves once something holds up each of them. */
async function breakMany(bed: Testbed, count: number): Promise<void> {
  await untilStalled(bed, memberNames(0, Math.min(count, WAITING)), async (name) => {
    const isSidecar = Number(name.slice(1)) % 2 === 1;
    if (isSidecar) await bed.sidecars.setFaults(bed.key(name), { kind: 'error', status: 503 });
    return isSidecar ? V1 : CANNOT_START;
  });
  if (count <= WAITING) return;
  await bed.kubectl(['create', 'quota', 'full', '--hard=persistentvolumeclaims=0']);
  await untilStalled(bed, memberNames(WAITING, count), async () => V1);
}

async function untilStalled(
  { nodes }: Testbed,
  names: readonly string[],
  imageOf: (name: string) => Promise<string>,
): Promise<void> {
  for (let from = 0; from < names.length; from += BATCH) {
    const batch = names.slice(from, from + BATCH);
    const stalled = batch.map((name) => nodes.until(name, 'it is stalled', isStalled, DEADLINE_MS));
    await atOnce(batch, async (name) => {
      await nodes.create(name, { image: await imageOf(name) });
    });
    await Promise.all(stalled);
  }
}

/** @throws when some were not in the way of the healthy one any more */
function assertBroken({ nodes }: Testbed, count: number): void {
  const sound = memberNames(0, count).filter((name) => {
    const node = nodes.versions(name).at(-1);
    return node === undefined || !isStalled(node);
  });
  if (sound.length > 0) throw new Error(`${sound.length} are not broken any more: ${sound[0]}`);
}

function isStalled(node: SeiNode): boolean {
  return conditionOf(node, 'Stalled')?.startsWith('True/') === true;
}
