import { describe, expect } from 'vitest';

import type { SeiNode } from '../../../domain/node/sei-node.ts';
import { eventually } from '../../support/eventually.ts';
import { hasSettledOn } from '../../support/testbed/node-conditions.ts';
import { V1 } from '../../support/testbed/sei-nodes.ts';
import {
  crashPostgresql,
  killTemporal,
  restartPostgresql,
} from '../../support/testbed/temporal-faults.ts';
import { ownDevclusterTest } from '../../support/testbed/testbed-test.ts';
import type { Testbed } from '../../support/testbed/testbed.ts';

const NAMES = Array.from({ length: 20 }, (_, index) => `n${index}`);

/** A step whose answer is lost counts as lost with its worker only after a minute. */
const MINUTES = 4 * 60_000;

const it = ownDevclusterTest('fleet-outage', ['worker', 'watcher']).extend(
  'undisturbed',
  { scope: 'file' },
  async ({ bed }) => {
    await Promise.all(NAMES.map((name) => bed.nodes.createRunning(name, V1)));
    await Promise.all(NAMES.map((name) => bed.runs.closed(bed.key(name))));
    const costs = await roll(bed, startingIn(2), () => Promise.resolve());
    return { costs };
  },
);

describe('twenty rolls', () => {
  it('cost each node the same, undisturbed', ({ undisturbed }) => {
    const [first] = undisturbed.costs;
    expect(first).toMatchObject({ pods: 1, templates: 1 });
    expect(undisturbed.costs).toEqual(NAMES.map(() => first));
  });

  it.for([
    ['temporal-server is killed', 3, killAndStartTemporal],
    ['PostgreSQL is restarted', 4, ({ cluster }: Testbed) => restartPostgresql(cluster)],
    ['PostgreSQL crashes', 5, ({ cluster }: Testbed) => crashPostgresql(cluster)],
  ] as const)(
    'complete when %s in the middle, and cost no write more',
    async ([, seconds, fault], { bed, undisturbed }) => {
      expect(await roll(bed, startingIn(seconds), () => fault(bed))).toEqual(undisturbed.costs);
    },
  );

  it('are one run each', async ({ bed }) => {
    const runs = await Promise.all(NAMES.map((name) => bed.runs.rolls(bed.key(name))));
    const types = runs.map((each) => each.map(({ type }) => type));
    const updates = Array.from({ length: 4 }, () => 'nodeUpdate');
    expect(types).toEqual(NAMES.map(() => ['nodeInit', ...updates]));
  });
});

async function killAndStartTemporal({ cluster }: Testbed): Promise<void> {
  await killTemporal(cluster);
  await cluster.startTemporal();
}

/**
 * Changes the image of all nodes, and does `inTheMiddle` once half of them have begun, and not all are done.
 *
 * @returns what it cost each of them
 */
async function roll(bed: Testbed, image: string, inTheMiddle: () => Promise<void>) {
  const before = NAMES.map((name) => writesOf(bed, name));
  await Promise.all(NAMES.map((name) => bed.nodes.setImage(name, image)));
  const latest = () => NAMES.flatMap((name) => bed.nodes.versions(name).at(-1) ?? []);
  const hasBegun = hasReached(image);
  await eventually('half of the rolls have begun', () => {
    return latest().filter(hasBegun).length >= NAMES.length / 2;
  });
  expect(latest().filter(hasSettledOn(image)).length).toBeLessThan(NAMES.length);
  await inTheMiddle();
  await Promise.all(NAMES.map((name) => bed.nodes.untilSettledOn(name, image, MINUTES)));
  // The last write of a run may follow upon what settles the node.
  await Promise.all(NAMES.map((name) => bed.runs.closed(bed.key(name))));
  return NAMES.map((name, index) => {
    const [now, then] = [writesOf(bed, name), before[index] ?? writesOf(bed, name)];
    return {
      writes: now.writes - then.writes,
      templates: now.templates - then.templates,
      pods: now.pods - then.pods,
    };
  });
}

/** Matches a node whose update to the image has begun, and one whose update is done. */
function hasReached(image: string): (node: SeiNode) => boolean {
  return ({ status }) => status?.plan?.targetImage === image;
}

/** Counts the versions of the node itself, with the test's own write, and of its StatefulSet's spec, and its pods. */
function writesOf(bed: Testbed, name: string) {
  return {
    writes: bed.nodes.versions(name).length,
    templates: bed.statefulSets.versions(name).at(-1)?.metadata.generation ?? 0,
    pods: bed.pods.uids(name).length,
  };
}

function startingIn(seconds: number): string {
  return `ghcr.io/sei-protocol/sei:slow-start-${seconds}s`;
}
