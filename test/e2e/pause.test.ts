import { describe, expect } from 'vitest';

import { findCondition } from '../../domain/node/condition.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { isNotFound } from '../../kubernetes/api/errors.ts';
import { eventually } from '../support/eventually.ts';
import { changesOf, conditionOf } from '../support/testbed/node-conditions.ts';
import { untilEvent } from '../support/testbed/node-events.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V1, V2, V3 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import type { StuckUpdate } from './stuck-updates.ts';
import {
  CANNOT_PULL,
  healPod,
  SLOW_TERMINATE,
  stickUpdate,
  STUCK_UPDATES,
} from './stuck-updates.ts';

const it = testbedTest('pause', ['worker', 'watcher']);

describe('a node at rest that is paused', () => {
  it('is scaled to zero, says so, and keeps its data', async ({ bed }) => {
    await bed.nodes.createRunning('rest', V1);
    const claim = await claimUid(bed, 'rest');
    await pause(bed, 'rest');

    const paused = await untilPaused(bed, 'rest');
    expect(conditionOf(paused, 'Ready')).toBe('False/Paused');
    expect(paused.status).toMatchObject({ phase: 'Running', currentImage: V1 });
    await expectNoPod(bed, 'rest');
    expect(await claimUid(bed, 'rest')).toBe(claim);
    await untilEvent(bed, 'rest', 'Paused');
    await bed.runs.closed(bed.key('rest'));

    await unpause(bed, 'rest');
    const back = await bed.nodes.untilSettledOn('rest', V1);
    expect(conditionOf(back, 'Paused')).toBe('False/NotPaused');
    expect(bed.pods.uids('rest')).toHaveLength(2);
    expect(await claimUid(bed, 'rest')).toBe(claim);
    expect((await bed.sidecars.state(bed.key('rest'))).sidecar?.ready).toBe(true);
    await untilEvent(bed, 'rest', 'Unpaused');
    // Nothing was rolled.
    expect(back.status?.history).toBeUndefined();
    expect(conditionOf(back, 'NodeUpdateInProgress')).toBeUndefined();
  });

  it('comes up on the image that was asked for meanwhile, in one update', async ({ bed }) => {
    await bed.nodes.createRunning('new-image', V1);
    await pause(bed, 'new-image');
    await untilPaused(bed, 'new-image');
    await bed.nodes.setImage('new-image', V2);
    await bed.statefulSets.until(
      'new-image',
      'its template has the new image',
      ({ image }) => image === V2,
    );
    await bed.nodes.setImage('new-image', V3);
    await unpause(bed, 'new-image');

    const { status } = await bed.nodes.untilSettledOn('new-image', V3);
    await bed.runs.closed(bed.key('new-image'));
    expect(bed.pods.uids('new-image')).toHaveLength(2);
    expect(status?.history).toMatchObject([{ from: V1, to: V3, outcome: 'Complete' }]);
    expect(status?.history).toHaveLength(1);
    const images = changesOf(bed.nodes.versions('new-image'), (node) => node.status?.currentImage);
    expect(images).toEqual([undefined, V1, V3]);
  });

  it('is scaled to zero again when somebody scales its StatefulSet, and says so', async ({
    bed,
  }) => {
    await bed.nodes.createRunning('scaled', SLOW_TERMINATE);
    await pause(bed, 'scaled');
    await expectScalingDown(bed, 'scaled');
    await healPod(bed, 'scaled');
    await untilPaused(bed, 'scaled');
    await expectNoPod(bed, 'scaled');
    await bed.kubectl(['scale', 'statefulset/scaled', '--replicas=1']);
    await expectScalingDown(bed, 'scaled');
    await healPod(bed, 'scaled');
    await untilPaused(bed, 'scaled');
    await expectNoPod(bed, 'scaled');
    const replicas = bed.statefulSets.versions('scaled').map((version) => version.replicas);
    expect(replicas.join('').replaceAll(/(.)\1+/g, '$1')).toBe('1010');
  });
});

describe('a node that is scaled by hand and not paused', () => {
  it('is scaled back to one', async ({ bed }) => {
    await bed.nodes.createRunning('by-hand', V1);
    await bed.kubectl(['scale', 'statefulset/by-hand', '--replicas=0']);
    await eventually('there is another pod', () => bed.pods.uids('by-hand').length === 2);
    await bed.nodes.untilSettledOn('by-hand', V1);
    await eventually(
      'the sidecar is ready',
      async () => (await bed.sidecars.state(bed.key('by-hand'))).sidecar?.ready === true,
    );
  });
});

describe('a node that is paused at birth', () => {
  it('has no pod and no phase of a life, until it is unpaused', async ({ bed }) => {
    await bed.nodes.create('born', { image: V1, paused: true });
    await untilPaused(bed, 'born');
    await bed.runs.closed(bed.key('born'));
    const phases = bed.nodes.versions('born').map(({ status }) => status?.phase ?? 'Pending');
    expect(new Set(phases)).toEqual(new Set(['Pending']));
    expect(bed.pods.uids('born')).toHaveLength(0);

    await unpause(bed, 'born');
    const { status } = await bed.nodes.untilSettledOn('born', V1);
    expect(status?.history).toBeUndefined();
    expect(bed.pods.uids('born')).toHaveLength(1);
  });

  it('is let go when it is deleted', async ({ bed }) => {
    const node = await bed.nodes.create('stillborn', { image: V1, paused: true });
    await untilPaused(bed, 'stillborn');
    await bed.nodes.delete('stillborn');
    await bed.nodes.untilGone(node);
  });
});

describe('a node that is paused while it comes up', () => {
  it('is scaled to zero, and comes up later', async ({ bed }) => {
    await bed.nodes.create('coming-up', { image: CANNOT_PULL });
    await bed.pods.until(podNameOf('coming-up'), 'it exists', () => true);
    await pause(bed, 'coming-up');
    await untilPaused(bed, 'coming-up');
    await expectNoPod(bed, 'coming-up');
    await bed.nodes.patchSpec('coming-up', { image: V2, paused: false });
    await bed.nodes.untilSettledOn('coming-up', V2);
  });
});

describe.for(STUCK_UPDATES)('an update that is stuck because the $at', (stuck) => {
  it('goes to zero when its node is paused, and completes once it is unpaused', async ({ bed }) => {
    const node = `stuck-${stuck.at}`;
    await stickUpdate(bed, node, stuck);
    const claim = await claimUid(bed, node);
    const paused = await pauseStuck(bed, node, stuck);
    await expectNoPod(bed, node);
    expect(conditionOf(paused, 'NodeUpdateInProgress')).toBe('True/UpdateStarted');

    // A bad image is one that somebody has to correct.
    const image = stuck.to === CANNOT_PULL ? V2 : stuck.to;
    await bed.nodes.patchSpec(node, { image, paused: false });
    if (image !== V2) await healWhenCreated(bed, node);
    const { status } = await bed.nodes.untilSettledOn(node, image);
    await bed.runs.closed(bed.key(node));

    expect(await claimUid(bed, node)).toBe(claim);
    expect(bed.pods.uids(node)).toHaveLength(stuck.hasNewPod ? 3 : 2);
    const complete = status?.history?.filter(({ outcome }) => outcome === 'Complete');
    expect(complete).toMatchObject([{ from: stuck.from, to: image }]);
    expect(complete).toHaveLength(1);
    expect(conditionOf(await bed.nodes.get(node), 'Paused')).toBe('False/NotPaused');
  });

  it('comes up on the image that was asked for while its node was paused', async ({ bed }) => {
    const node = `newer-${stuck.at}`;
    await stickUpdate(bed, node, stuck);
    await pauseStuck(bed, node, stuck);
    await bed.nodes.setImage(node, V3);
    await unpause(bed, node);

    const { status } = await bed.nodes.untilSettledOn(node, V3);
    expect(bed.pods.versions(podNameOf(node)).at(-1)?.seidImage).toBe(V3);
    const complete = status?.history?.filter(({ outcome }) => outcome === 'Complete');
    expect(complete?.map(({ to }) => to)).toEqual([V3]);
  });
});

describe('an update that has just begun', () => {
  it('waits while its node is paused, and completes once', async ({ bed }) => {
    await bed.nodes.createRunning('just-begun', V1);
    await bed.nodes.setImage('just-begun', V2);
    await bed.nodes.until(
      'just-begun',
      'its update has begun',
      (node) => conditionOf(node, 'NodeUpdateInProgress') === 'True/UpdateStarted',
    );
    await pause(bed, 'just-begun');
    await untilPaused(bed, 'just-begun');
    await unpause(bed, 'just-begun');
    const { status } = await bed.nodes.untilSettledOn('just-begun', V2);
    await bed.runs.closed(bed.key('just-begun'));
    expect(status?.history).toMatchObject([{ from: V1, to: V2, outcome: 'Complete' }]);
    expect(status?.history).toHaveLength(1);
  });

  it('is overtaken by many pauses and ends as the last one says', async ({ bed }) => {
    await bed.nodes.createRunning('undecided', V1);
    await bed.nodes.setImage('undecided', V2);
    for (let times = 0; times < 5; times += 1) {
      await pause(bed, 'undecided');
      await unpause(bed, 'undecided');
    }
    const { status } = await bed.nodes.untilSettledOn('undecided', V2);
    const complete = status?.history?.filter(({ outcome }) => outcome === 'Complete');
    expect(complete).toMatchObject([{ from: V1, to: V2 }]);
    expect(complete).toHaveLength(1);
  });
});

describe('a node in phase Failed', () => {
  it('is not scaled when it is paused', async ({ bed }) => {
    for (const node of ['failed', 'witness']) await bed.nodes.createRunning(node, V1);
    await bed.nodes.patchStatus('failed', { phase: 'Failed' });
    await pause(bed, 'failed');
    // Whatever happens to a node that is paused later has had time to happen to the earlier one.
    await pause(bed, 'witness');
    await untilPaused(bed, 'witness');

    const failed = await bed.nodes.get('failed');
    expect(conditionOf(failed, 'Paused')).toBe('False/NotPaused');
    expect(bed.statefulSets.versions('failed').at(-1)?.replicas).toBe(1);
    expect(bed.pods.uids('failed')).toHaveLength(1);
  });
});

function pause(bed: Testbed, node: string): Promise<SeiNode> {
  return bed.nodes.patchSpec(node, { paused: true });
}

function unpause(bed: Testbed, node: string): Promise<SeiNode> {
  return bed.nodes.patchSpec(node, { paused: false });
}

function untilPaused(bed: Testbed, node: string): Promise<SeiNode> {
  return bed.nodes.until(
    node,
    'it is paused',
    (version) => conditionOf(version, 'Paused') === 'True/Paused',
  );
}

/** Checks that there is no pod, right after status says that the node is paused: that promises it. */
async function expectNoPod(bed: Testbed, node: string): Promise<void> {
  const pod = { name: podNameOf(node), namespace: bed.namespace };
  await expect(bed.core.readNamespacedPod(pod)).rejects.toSatisfy(isNotFound);
}

/** Pauses the node before its update is released, which would complete otherwise. */
async function pauseStuck(bed: Testbed, node: string, stuck: StuckUpdate): Promise<SeiNode> {
  await pause(bed, node);
  if (keepsPod(stuck)) {
    await expectScalingDown(bed, node);
    await stuck.release(bed, node);
    return untilPaused(bed, node);
  }
  const paused = await untilPaused(bed, node);
  await stuck.release(bed, node);
  return paused;
}

/** Returns whether the pod of the update does not go before it is released. */
function keepsPod({ at }: StuckUpdate): boolean {
  return at === 'pod-may-not-be-deleted' || at === 'pod-terminates';
}

async function expectScalingDown(bed: Testbed, node: string): Promise<void> {
  const waiting = await bed.nodes.until(
    node,
    'it scales down',
    (version) => conditionOf(version, 'Paused') === 'False/ScalingDown',
  );
  expect(findCondition(waiting.status?.conditions, 'Paused')?.message).toContain(
    `waits for pod ${podNameOf(node)} on machine `,
  );
}

async function claimUid(bed: Testbed, node: string): Promise<string | undefined> {
  const { namespace } = bed;
  const claim = await bed.core.readNamespacedPersistentVolumeClaim({
    name: `data-${node}`,
    namespace,
  });
  expect(claim.metadata?.deletionTimestamp).toBeUndefined();
  return claim.metadata?.uid;
}

/** Heals the pod of a slow image, which is slow only for the sake of a stuck update. */
async function healWhenCreated(bed: Testbed, node: string): Promise<void> {
  const known = new Set(bed.pods.uids(node));
  const isNew = ({ metadata }: { metadata: { uid: string } }) => !known.has(metadata.uid);
  await bed.pods.until(podNameOf(node), 'it is another one', isNew);
  await healPod(bed, node);
}
