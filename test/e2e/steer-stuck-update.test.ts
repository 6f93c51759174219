import { describe, expect } from 'vitest';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import { eventually } from '../support/eventually.ts';
import { changesOf, conditionOf, hasSettledOn } from '../support/testbed/node-conditions.ts';
import { eventsOf } from '../support/testbed/node-events.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V1, V3 } from '../support/testbed/sei-nodes.ts';
import { runOf, steer } from '../support/testbed/steering.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import type { StuckUpdate } from './stuck-updates.ts';
import { stickUpdate, STUCK_UPDATES } from './stuck-updates.ts';

/** A fate that the devcluster gives to images by their tags; see devcluster/stages. */
const CRASHES = 'ghcr.io/sei-protocol/sei:init-crash-loop';

/** A thing that somebody does about a stuck update. */
interface Remedy {
  readonly is: string;
  apply(bed: Testbed, node: string, stuck: StuckUpdate): Promise<unknown>;
  /** Performs what is left to do after the obstacle is gone. */
  followUp?(bed: Testbed, node: string): Promise<unknown>;
  /** Returns the image that the node runs in the end. */
  endsOn(stuck: StuckUpdate): string;
}

const REMEDIES: readonly Remedy[] = [
  {
    is: 'superseded',
    apply: (bed, node) => bed.nodes.setImage(node, V3),
    endsOn: () => V3,
  },
  {
    is: 'withdrawn',
    apply: (bed, node, { from }) => bed.nodes.setImage(node, from),
    endsOn: ({ from }) => from,
  },
  {
    is: 'rolled-back',
    apply: (bed, node) => runOf(bed, node).executeUpdate('rollback'),
    endsOn: ({ from }) => from,
  },
  {
    is: 'held',
    apply: async (bed, node) => {
      await runOf(bed, node).executeUpdate('pause');
      expect((await bed.nodes.get(node)).status?.hold).toBeDefined();
    },
    followUp: (bed, node) => steer(bed, node, 'resume'),
    endsOn: ({ to }) => to,
  },
  {
    is: 'retried',
    apply: (bed, node) => runOf(bed, node).executeUpdate('retry'),
    followUp: (bed, node) => steer(bed, node, 'retry'),
    endsOn: ({ to }) => to,
  },
  {
    is: 'terminated',
    apply: (bed, node) => runOf(bed, node).terminate('by a test'),
    endsOn: ({ to }) => to,
  },
  {
    is: 'cancelled',
    apply: async (bed, node) => {
      await runOf(bed, node).cancel();
      const held = await bed.nodes.until(
        node,
        'it is held',
        ({ status }) => status?.hold !== undefined,
      );
      expect(held.status?.hold?.actor).toBe('Temporal');
    },
    followUp: (bed, node) => steer(bed, node, 'resume'),
    endsOn: ({ to }) => to,
  },
];

const CELLS = REMEDIES.flatMap((remedy) => STUCK_UPDATES.map((stuck) => ({ remedy, stuck })));

const it = testbedTest('stuck', []).extend('operator', { scope: 'file', auto: true }, ({ bed }) =>
  // The next resync takes up what a terminated run has left.
  Promise.all([bed.start('worker'), bed.start('watcher', { SEINODE_RESYNC_SECONDS: '5' })]),
);

// Most of the time goes by in waiting.
describe.concurrent('an update that is stuck', () => {
  it.for(CELLS)(
    'because the $stuck.at converges when it is $remedy.is',
    async ({ remedy, stuck }, { bed }) => {
      const node = `${remedy.is}-${stuck.at}`;
      await stickUpdate(bed, node, stuck);
      const image = remedy.endsOn(stuck);
      await remedy.apply(bed, node, stuck);
      // Before that, a pod that is let go would come up as the one on its way.
      await bed.statefulSets.until(node, 'its template is the one', (each) => each.image === image);
      await stuck.release(bed, node);
      await remedy.followUp?.(bed, node);

      const { status } = await untilSettled(bed, node, image);
      await bed.runs.closed(bed.key(node));
      expect(status?.currentImage).toBe(image);
      expect(status?.hold).toBeUndefined();
      expect(conditionOf(await bed.nodes.get(node), 'Stalled') ?? 'none').not.toMatch(/^True/);
      expect(bed.pods.uids(node)).toHaveLength(podsNeeded(stuck, image));
    },
  );
});

describe('an update whose init container is in a crash loop', () => {
  it('is stalled once, through all its restarts, until the image is corrected', async ({ bed }) => {
    const node = 'crash-loop';
    await bed.nodes.createRunning(node, V1);
    await bed.nodes.setImage(node, CRASHES);
    await eventually('its init container was restarted again and again', async () => {
      const namespace = bed.namespace;
      const pod = await bed.core.readNamespacedPod({ namespace, name: podNameOf(node) });
      return (
        pod.status?.initContainerStatuses?.some(({ restartCount }) => restartCount > 3) === true
      );
    });
    await bed.nodes.setImage(node, V3);
    await bed.nodes.untilSettledOn(node, V3);

    const stalled = changesOf(bed.nodes.versions(node), (each) => conditionOf(each, 'Stalled'));
    expect(stalled).toEqual([undefined, 'True/CrashLoopBackOff', 'False/Progressing']);
    const events = await eventsOf(bed, node);
    expect(events.filter(({ reason }) => reason === 'Stalled')).toHaveLength(1);
    expect(bed.pods.uids(node)).toHaveLength(3);
  });
});

/** Returns how many pods the node has had when it runs the image, if none was replaced in vain. */
function podsNeeded({ hasNewPod, from, to, at }: StuckUpdate, image: string): number {
  if (image === to) return 2;
  if (hasNewPod) return 3;
  return image === from && at === 'pod-may-not-be-deleted' ? 1 : 2;
}

/** Waits until the node has settled as its spec says, or as a rollback does. */
function untilSettled(bed: Testbed, node: string, image: string): Promise<SeiNode> {
  return bed.nodes.until(node, `it has settled on ${image}`, (version) => {
    const { spec, status } = version;
    const isRolledBack = status?.rollback?.rejectedImage === spec.image;
    return hasSettledOn(image)(isRolledBack ? { ...version, spec: { ...spec, image } } : version);
  });
}
