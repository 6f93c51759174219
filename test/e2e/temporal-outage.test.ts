import { describe, expect } from 'vitest';

import { conditionOf } from '../support/testbed/node-conditions.ts';
import { V1, V2, V3 } from '../support/testbed/sei-nodes.ts';
import { ownDevclusterTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

const it = ownDevclusterTest('outage', []).extend(
  'operator',
  { scope: 'file' },
  async ({ bed }) => {
    // The next resync starts again whatever an emptied Temporal has lost.
    const env = { SEINODE_RESYNC_SECONDS: '5' };
    return Promise.all([bed.start('worker', env), bed.start('watcher', env)]);
  },
);

describe('a Temporal server that is away for a while', () => {
  it('delays an update and what changes meanwhile, and loses neither', async ({
    bed,
    operator,
  }) => {
    await Promise.all(['n0', 'n1'].map((name) => bed.nodes.createRunning(name, V1)));
    await updateUntilSidecarHangs(bed, 'n0', V2);
    await bed.cluster.stopTemporal();
    await bed.sidecars.setFaults(bed.key('n0'));
    await bed.nodes.setImage('n1', V2);
    await bed.nodes.create('n2', { image: V2 });
    await bed.cluster.startTemporal();

    await Promise.all(
      ['n0', 'n1', 'n2'].map((name) => bed.nodes.untilSettledOn(name, V2, 120_000)),
    );
    expect(['n0', 'n1', 'n2'].map((name) => bed.pods.uids(name).length)).toEqual([2, 2, 1]);
    expect(operator.map((each) => each.hasEnded())).toEqual([false, false]);
  });
});

describe('a Temporal server that has lost everything', () => {
  it('costs an update that was under way nothing but time', async ({ bed, operator }) => {
    await bed.nodes.createRunning('n3', V1);
    const before = await bed.runs.closed(bed.key('n3'));
    await updateUntilSidecarHangs(bed, 'n3', V3);
    await bed.cluster.stopTemporal();
    await bed.cluster.startTemporal({ emptied: true });
    await bed.sidecars.setFaults(bed.key('n3'));

    const { status } = await bed.nodes.untilSettledOn('n3', V3, 120_000);
    expect(bed.pods.uids('n3')).toHaveLength(2);
    expect(status?.history?.map(({ from, to, outcome }) => [from, to, outcome])).toEqual([
      [V1, V3, 'Complete'],
    ]);
    const after = await bed.runs.rolls(bed.key('n3'));
    expect(after.map(({ type }) => type)).toEqual(['nodeUpdate']);
    expect(after.map(({ runId }) => runId)).not.toContain(before[0]?.runId);
    // The watcher has registered them again, since the emptied server knew none of them.
    expect(after[0]?.typedSearchAttributes.getAll()).not.toEqual([]);
    expect(operator.map((each) => each.hasEnded())).toEqual([false, false]);
  });

  it('restarts no node that is at rest', ({ bed }) => {
    expect(['n0', 'n1', 'n2'].map((name) => bed.pods.uids(name).length)).toEqual([2, 2, 1]);
  });
});

/** Leaves the update in the middle of its last step, until the sidecar's faults are taken away. */
async function updateUntilSidecarHangs(bed: Testbed, name: string, image: string): Promise<void> {
  await bed.sidecars.setFaults(bed.key(name), { kind: 'hang', calls: ['submit-task'] });
  await bed.nodes.setImage(name, image);
  const what = 'its new pod was observed in an update';
  await bed.nodes.until(
    name,
    what,
    (node) =>
      node.status?.currentImage === image &&
      conditionOf(node, 'NodeUpdateInProgress') === 'True/UpdateStarted',
  );
}
