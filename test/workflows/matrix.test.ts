import { afterAll, assert, describe, expect, vi } from 'vitest';

import { combinations } from '../support/combinations.ts';
import type { FleetNode } from './fleet/fleet-node.ts';
import { fleetTest } from './fleet/fleet-test.ts';
import { Fleet } from './fleet/fleet.ts';
import { BAD_IMAGES } from './matrix/bad-images.ts';
import type { Cell } from './matrix/cell.ts';
import { correct, outcomeOf, play, wantedOutcome } from './matrix/cell.ts';
import { INTERVENTIONS, WORKER_RESTART } from './matrix/interventions.ts';
import { MOMENTS } from './matrix/moments.ts';

// Much of the time of a cell goes by in waiting; more at once only makes each wait longer. A busy
// machine of two cores needs a minute for some cells.
vi.setConfig({ maxConcurrency: 32, testTimeout: 300_000, hookTimeout: 300_000 });

const it = fleetTest;

describe.concurrent('an update to an image that never comes up', () => {
  it.for(combinations({ bad: BAD_IMAGES, moment: MOMENTS, by: INTERVENTIONS }))(
    'which $bad.name converges when it is $by.name at $moment.name',
    async (cell, { fleet }) => {
      const node = await fleet.add('matrix');
      await play(node, cell);
      await correct(node, cell);
      expect(await outcomeOf(node, cell)).toEqual(wantedOutcome(cell));
      await node.stop();
    },
  );
});

describe.concurrent('an update to an image that never comes up, when its workers are replaced', () => {
  const cells = combinations({ bad: BAD_IMAGES, moment: MOMENTS, by: [WORKER_RESTART] });
  const nodes = new Map<Cell, FleetNode>();
  let restarted: Fleet;

  it.beforeAll(async ({ temporal }) => {
    restarted = await Fleet.open(temporal);
    const letGo = await Promise.all(
      cells.map(async (cell) => {
        const node = await restarted.add('restart');
        nodes.set(cell, node);
        return cell.moment.reach(node, cell.bad);
      }),
    );
    await restarted.restartWorkers(() => {
      for (const go of letGo) go();
    });
  });

  afterAll(async () => {
    await restarted.close();
  });

  it.for(cells)('which $bad.name converges from $moment.name on', async (cell) => {
    const node = nodes.get(cell);
    assert(node !== undefined);
    await correct(node, cell);
    expect(await outcomeOf(node, cell)).toEqual(wantedOutcome(cell));
  });
});
