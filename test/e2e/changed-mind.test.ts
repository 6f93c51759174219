import { describe, expect } from 'vitest';

import { changesOf, conditionOf } from '../support/testbed/node-conditions.ts';
import { eventsOf } from '../support/testbed/node-events.ts';
import { V1, V2, V3 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';

const it = testbedTest('changed-mind', ['worker', 'watcher']);
/** Fates that the devcluster gives to images by their tags; see devcluster/stages. */
const SLOW = 'ghcr.io/sei-protocol/sei:slow-start-60s';
const CANNOT_PULL = 'ghcr.io/sei-protocol/sei:cannot-pull';

describe('a node that went from A to B', () => {
  it('goes back to A', async ({ bed }) => {
    await bed.nodes.createRunning('back', V1);
    await bed.nodes.setImage('back', V2);
    await bed.nodes.untilSettledOn('back', V2);
    await bed.nodes.setImage('back', V1);
    const { status } = await bed.nodes.untilSettledOn('back', V1);

    expect(bed.pods.uids('back')).toHaveLength(3);
    expect(status?.history?.map(({ from, to }) => [from, to])).toEqual([
      [V2, V1],
      [V1, V2],
    ]);
  });
});

describe('an image that changes while another is rolled', () => {
  it('takes its place, though the pod of the other is not up yet', async ({ bed }) => {
    await bed.nodes.createRunning('newer', V1);
    await bed.nodes.setImage('newer', SLOW);
    await bed.pods.until('newer-0', `it is of ${SLOW}`, ({ seidImage }) => seidImage === SLOW);
    await bed.nodes.setImage('newer', V3);
    const { status } = await bed.nodes.untilSettledOn('newer', V3);

    // The slow image never ran, so it never was the current one.
    const images = changesOf(bed.nodes.versions('newer'), (node) => node.status?.currentImage);
    expect(images).toEqual([undefined, V1, V3]);
    expect(status?.history?.map(({ to, outcome }) => [to, outcome])).toEqual([
      [V3, 'Complete'],
      [SLOW, 'Superseded'],
    ]);
    const runs = await bed.runs.rolls(bed.key('newer'));
    expect(runs.map(({ type }) => type)).toEqual(['nodeInit', 'nodeUpdate']);
  });

  it('may be the image that the node ran before', async ({ bed }) => {
    await bed.nodes.createRunning('withdrawn', V1);
    await bed.nodes.setImage('withdrawn', SLOW);
    await bed.pods.until('withdrawn-0', `it is of ${SLOW}`, ({ seidImage }) => seidImage === SLOW);
    await bed.nodes.setImage('withdrawn', V1);
    await bed.nodes.untilSettledOn('withdrawn', V1);

    expect(bed.pods.versions('withdrawn-0').at(-1)?.seidImage).toBe(V1);
  });

  it('ends on the newest of many', async ({ bed }) => {
    await bed.nodes.createRunning('many', V1);
    for (let index = 0; index < 20; index += 1) {
      await bed.nodes.setImage('many', `ghcr.io/sei-protocol/sei:try-${index}`);
    }
    await bed.nodes.setImage('many', V3);
    await bed.nodes.untilSettledOn('many', V3);

    expect(bed.pods.versions('many-0').at(-1)?.seidImage).toBe(V3);
  });
});

describe('an image that cannot be pulled', () => {
  it('stalls the node with the reason, and a corrected one converges on its own', async ({
    bed,
  }) => {
    await bed.nodes.createRunning('bad', V1);
    await bed.nodes.setImage('bad', CANNOT_PULL);
    const stalled = await bed.nodes.until(
      'bad',
      'it is stalled for ImagePullBackOff',
      (node) => conditionOf(node, 'Stalled') === 'True/ImagePullBackOff',
    );
    expect(stalled.status?.currentImage).toBe(V1);
    expect(conditionOf(stalled, 'NodeUpdateInProgress')).toBe('True/UpdateStarted');

    await bed.nodes.setImage('bad', V2);
    const mended = await bed.nodes.untilSettledOn('bad', V2);
    expect(conditionOf(mended, 'Stalled')).toMatch(/^False/);
    // The pod that came up, that of the bad image, that of the corrected one: nobody else removed any.
    expect(bed.pods.uids('bad')).toHaveLength(3);
    const images = changesOf(bed.nodes.versions('bad'), (node) => node.status?.currentImage);
    expect(images).toEqual([undefined, V1, V2]);
    const warnings = (await eventsOf(bed, 'bad')).filter(({ type }) => type === 'Warning');
    expect(warnings.map(({ reason }) => reason)).toEqual(['Stalled']);
    expect(warnings[0]?.message).toContain('ImagePullBackOff');
  });

  it('stalls a node that comes up, and a corrected one brings it up', async ({ bed }) => {
    await bed.nodes.create('bad-start', { image: CANNOT_PULL });
    const stalled = await bed.nodes.until(
      'bad-start',
      'it is stalled for ImagePullBackOff',
      (node) => conditionOf(node, 'Stalled') === 'True/ImagePullBackOff',
    );
    expect(stalled.status?.phase).toBe('Initializing');
    await bed.nodes.setImage('bad-start', V2);
    await bed.nodes.untilSettledOn('bad-start', V2);
  });
});
