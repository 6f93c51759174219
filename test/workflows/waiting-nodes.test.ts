import { describe, expect } from 'vitest';

import { stallOf } from '../../domain/node/stall.ts';
import { eventually } from '../support/eventually.ts';
import { V1, V2 } from '../support/sei-node.ts';
import type { FleetNode } from './fleet/fleet-node.ts';
import { fleetTest } from './fleet/fleet-test.ts';

/** Half as many more than the slots that a worker has by default. */
const WAITING = 150;

/** For all of them on a busy machine of two cores, where they took 86 s beside another test run. */
const DEADLINE_MS = 240_000;
const LONG = { timeout: 3 * DEADLINE_MS };

/** What a node may wait for without an end. */
const WAITS: readonly {
  arrange(node: FleetNode): void;
  isWaiting(node: FleetNode): boolean;
}[] = [
  {
    arrange: ({ bed }) => {
      bed.cluster.kubelet.fateOf = () => ({ kind: 'waits', reason: 'ErrImagePull', message: 'no' });
    },
    isWaiting: ({ node }) => stallOf(node?.status)?.reason === 'ImagePullBackOff',
  },
  {
    arrange: ({ bed }) => bed.sidecar.hangNext('submitTask'),
    // An attempt whose heartbeats a busy machine holds up is followed by another.
    isWaiting: ({ bed }) => bed.sidecar.callsOf('submitTask').length > 0,
  },
];

describe('150 nodes that wait for their pods or hang with their sidecars', () => {
  fleetTest('do not hold up the next one', LONG, async ({ fleet }) => {
    const waiting = await Promise.all(
      Array.from({ length: WAITING }, async (_, nth) => {
        const wait = WAITS[nth % WAITS.length];
        const node = await fleet.add('waiting');
        wait?.arrange(node);
        return { node, isWaiting: () => wait?.isWaiting(node) === true };
      }),
    );
    for (const { node } of waiting) node.edit({ image: V2 });
    await eventually(
      'all of them wait',
      () => waiting.every(({ isWaiting }) => isWaiting()),
      DEADLINE_MS,
    );

    const next = await fleet.add('next');
    next.edit({ image: V2 });
    // Were it short of a slot, none would be free before the test ends.
    await next.untilIdle();
    expect(next.node?.status?.currentImage).toBe(V2);
    expect(next.images).toEqual([V1, V2]);
    expect(waiting.filter(({ isWaiting }) => !isWaiting())).toEqual([]);
    const states = await Promise.all(waiting.map(({ node }) => node.run.describe()));
    expect(new Set(states.map(({ status }) => status.name))).toEqual(new Set(['RUNNING']));
  });
});
