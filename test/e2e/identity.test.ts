import type { V1OwnerReference, V1StatefulSet } from '@kubernetes/client-node';
import { describe, expect } from 'vitest';

import { eventually } from '../support/eventually.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { eventsOf, untilEvent } from '../support/testbed/node-events.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import type { OperatorProcess } from '../support/testbed/operator-process.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { healPod, stickUpdate, STUCK_UPDATES } from './stuck-updates.ts';
import { createClaim, createStatefulSet, importingSpec } from './unowned-objects.ts';
import { whileStopped } from './while-stopped.ts';

/** Less than the resync of a minute, so that the watch event causes the new one. */
const SECONDS_MS = 45_000;

const it = testbedTest('identity', ['watcher']).extend('worker', { scope: 'file' }, ({ bed }) =>
  bed.start('worker'),
);
const test = it.extend('running', { auto: true }, ({ worker }) => worker);

describe('the StatefulSet of a node', () => {
  test('is shown by kubectl get', async ({ bed }) => {
    const { status } = await bed.nodes.createRunning('shown', V1);
    const [uid] = bed.statefulSets.uids('shown');
    expect(status?.statefulSet).toEqual({ name: 'shown', uid });
    const [header = '', row = ''] = (await bed.kubectl(['get', 'snode', 'shown', '-o', 'wide']))
      .trim()
      .split('\n');
    const column = header.indexOf('STATEFULSET');
    expect(column).toBeGreaterThan(0);
    expect(row.slice(column)).toMatch(/^shown\s/);
  });
});

describe('a StatefulSet that is deleted by hand', () => {
  test('is made again and tracked, with its earlier data', async ({ bed }) => {
    await bed.nodes.createRunning('gone', V1);
    const claim = await claimUid(bed, 'gone');
    const before = await deleteStatefulSet(bed, 'gone');
    const fresh = await untilTrackedAnew(bed, 'gone', before);
    const { status } = await bed.nodes.untilSettledOn('gone', V1);
    await untilServing(bed, 'gone');

    expect(status?.statefulSet?.uid).toBe(fresh);
    expect(await claimUid(bed, 'gone')).toBe(claim);
    expect(bed.statefulSets.uids('gone')).toHaveLength(2);
    expect(bed.pods.uids('gone')).toHaveLength(2);
    expect(status?.history).toBeUndefined();
    await untilEvent(bed, 'gone', 'StatefulSetGone');
    const told = (await eventsOf(bed, 'gone')).filter(
      ({ reason }) => reason === 'StatefulSetCreated',
    );
    expect(told).toHaveLength(2);
  });

  test('with its pod left behind gets that pod back', async ({ bed }) => {
    await bed.nodes.createRunning('orphan', V1);
    const before = await deleteStatefulSet(bed, 'orphan', 'orphan');
    await untilTrackedAnew(bed, 'orphan', before);
    await bed.nodes.untilSettledOn('orphan', V1);
    await bed.runs.closed(bed.key('orphan'));
    expect(bed.pods.uids('orphan')).toHaveLength(1);
  });

  test('again and again is replaced each time', async ({ bed }) => {
    await bed.nodes.createRunning('often', V1);
    for (let times = 0; times < 3; times += 1) {
      const before = await deleteStatefulSet(bed, 'often');
      await untilTrackedAnew(bed, 'often', before);
    }
    await bed.nodes.untilSettledOn('often', V1);
    await untilServing(bed, 'often');
    expect(bed.statefulSets.uids('often')).toHaveLength(4);
  });

  test.for(STUCK_UPDATES)(
    'in the middle of an update, stuck because the $at, is made anew, and the update goes on',
    async (stuck, { bed }) => {
      const node = `gone-${stuck.at}`;
      await stickUpdate(bed, node, stuck);
      const claim = await claimUid(bed, node);
      const before = await deleteStatefulSet(bed, node);
      await untilTrackedAnew(bed, node, before);
      await stuck.release(bed, node);
      await healNewPod(bed, node, stuck.to);
      const { status } = await bed.nodes.untilSettledOn(node, stuck.to);
      await untilServing(bed, node);

      expect(await claimUid(bed, node)).toBe(claim);
      expect(bed.statefulSets.uids(node)).toHaveLength(2);
      expect(status?.history).toMatchObject([{ from: stuck.from, to: stuck.to }]);
    },
  );
});

describe('an impostor', () => {
  test.for([
    { whose: 'nobody', owned: false },
    { whose: 'the node', owned: true },
  ])(
    'that $whose owns is deleted once, and one of ours takes its place',
    async ({ owned }, { bed, worker }) => {
      const node = owned ? 'owned' : 'unowned';
      await bed.nodes.createRunning(node, V1);
      const claim = await claimUid(bed, node);
      const before = await trackedUid(bed, node);
      const impostor = await slipIn(bed, worker, node, (copy) => {
        if (!owned) setOwners(copy, []);
      });
      const fresh = await untilTrackedAnew(bed, node, before);
      const { status } = await bed.nodes.untilSettledOn(node, V1);
      await untilServing(bed, node);
      await bed.runs.closed(bed.key(node));

      const uids = bed.statefulSets.uids(node);
      expect(uids).toHaveLength(3);
      expect(uids.slice(1)).toEqual([impostor, fresh]);
      expect(status?.impostor).toBeUndefined();
      expect(await claimUid(bed, node)).toBe(claim);
      await untilEvent(bed, node, 'ImpostorDeleted');
    },
  );

  test('in the middle of an update is deleted once, and the update goes on', async ({
    bed,
    worker,
  }) => {
    const stuck = STUCK_UPDATES.find(({ at }) => at === 'sidecar-hangs');
    if (stuck === undefined) throw new Error('there is no update stuck at its sidecar');
    await stickUpdate(bed, 'updating', stuck);
    const before = await trackedUid(bed, 'updating');
    const impostor = await slipIn(bed, worker, 'updating', (copy) => setOwners(copy, []));
    const fresh = await untilTrackedAnew(bed, 'updating', before);
    await stuck.release(bed, 'updating');
    const { status } = await bed.nodes.untilSettledOn('updating', stuck.to);

    expect(bed.statefulSets.uids('updating').slice(1)).toEqual([impostor, fresh]);
    expect(status?.history).toMatchObject([{ from: V1, to: V2, outcome: 'Complete' }]);
    expect(status?.history).toHaveLength(1);
  });

  test('that another controller owns is not touched, and gives way to one of ours when it goes', async ({
    bed,
    worker,
  }) => {
    await bed.nodes.createRunning('foreign', V1);
    const owner = await createOwner(bed, 'foreign');
    const impostor = await slipIn(bed, worker, 'foreign', (copy) => setOwners(copy, [owner]));
    const stalled = await untilStalled(bed, 'foreign', 'ForeignOwner');
    expect(stalled.status?.phase).toBe('Running');
    expect((await untilEvent(bed, 'foreign', 'ForeignOwner')).message).toContain(
      'StatefulSet foreign exists and belongs to ConfigMap owner-of-foreign',
    );
    await bed.statefulSets.untilCaughtUp('foreign');
    expect(bed.statefulSets.uids('foreign').slice(1)).toEqual([impostor]);

    const before = await deleteStatefulSet(bed, 'foreign');
    await untilTrackedAnew(bed, 'foreign', before);
    const mended = await bed.nodes.untilSettledOn('foreign', V1);
    expect(conditionOf(mended, 'Stalled')).toMatch(/^False/);
    expect(bed.statefulSets.uids('foreign')).toHaveLength(3);
  });
});

describe('a StatefulSet that was there before its node', () => {
  test.for<{ how: string; node: string; strategy?: object }>([
    { how: 'as we render it', node: 'compatible' },
    { how: 'with a rolling update', node: 'rolling', strategy: { type: 'RollingUpdate' } },
    {
      how: 'with a rolling update in the middle',
      node: 'partition',
      strategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1, maxUnavailable: 1 } },
    },
  ])('$how, is adopted, and its pod goes on', async ({ node, strategy }, { bed }) => {
    await createClaim(bed, node);
    const uid = await createStatefulSet(bed, node, (copy) => {
      if (strategy !== undefined) setSpec(copy, { updateStrategy: strategy });
    });
    await bed.pods.until(podNameOf(node), 'it exists', () => true);
    await bed.nodes.create(node, importingSpec(node));
    const { metadata, status } = await bed.nodes.untilSettledOn(node, V1);
    await bed.runs.closed(bed.key(node));

    expect(status?.statefulSet).toEqual({ name: node, uid });
    expect(bed.pods.uids(node)).toHaveLength(1);
    const live = await bed.apps.readNamespacedStatefulSet(bed.key(node));
    expect(live.spec?.updateStrategy).toEqual({ type: 'OnDelete' });
    expect(live.metadata?.ownerReferences).toMatchObject([{ uid: metadata.uid, controller: true }]);
    await untilEvent(bed, node, 'StatefulSetAdopted');
  });

  test('and runs another image is adopted, and its pod is replaced once', async ({ bed }) => {
    await createClaim(bed, 'older');
    await createStatefulSet(bed, 'older', (copy) =>
      setSpec(copy, { updateStrategy: { type: 'RollingUpdate' } }),
    );
    await bed.pods.until(podNameOf('older'), 'it exists', () => true);
    await bed.nodes.create('older', { ...importingSpec('older'), image: V2 });
    await bed.nodes.untilSettledOn('older', V2);
    expect(bed.statefulSets.uids('older')).toHaveLength(1);
    expect(bed.pods.uids('older')).toHaveLength(2);
  });

  test.for<{
    field: string;
    node: string;
    change: (statefulSet: V1StatefulSet) => void;
    reason: 'Incompatible' | 'ForeignOwner';
    says: string;
  }>([
    {
      field: 'service name',
      node: 'other-service',
      change: (copy) => setSpec(copy, { serviceName: 'another' }),
      reason: 'Incompatible',
      says: 'spec.serviceName',
    },
    {
      field: 'selector, and without our label',
      node: 'other-selector',
      change: takeOurLabels,
      reason: 'ForeignOwner',
      says: 'StatefulSet other-selector exists and is not of this SeiNode',
    },
  ])(
    'with another $field is refused, until it is deleted',
    async ({ node, change, reason, says }, { bed }) => {
      await createClaim(bed, node);
      const uid = await createStatefulSet(bed, node, change);
      await bed.nodes.create(node, importingSpec(node));
      const stalled = await untilStalled(bed, node, reason);
      expect(stalled.status?.statefulSet).toBeUndefined();
      expect((await untilEvent(bed, node, reason)).message).toContain(says);
      await bed.statefulSets.untilCaughtUp(node);
      expect(bed.statefulSets.uids(node)).toEqual([uid]);

      await deleteStatefulSet(bed, node);
      await bed.nodes.untilSettledOn(node, V1);
      expect(bed.statefulSets.uids(node)).toHaveLength(2);
    },
  );

  test('and belongs to another controller is not touched, until it is deleted', async ({ bed }) => {
    await createClaim(bed, 'taken');
    const owner = await createOwner(bed, 'taken');
    const uid = await createStatefulSet(bed, 'taken', (copy) => {
      takeOurLabels(copy);
      setOwners(copy, [owner]);
    });
    await bed.nodes.create('taken', importingSpec('taken'));
    await untilStalled(bed, 'taken', 'ForeignOwner');
    const { metadata } = await bed.apps.readNamespacedStatefulSet(bed.key('taken'));
    expect(metadata?.uid).toBe(uid);
    expect(metadata?.managedFields?.map(({ manager }) => manager)).not.toContain(
      'seinode-controller',
    );

    await deleteStatefulSet(bed, 'taken');
    await bed.nodes.untilSettledOn('taken', V1);
  });
});

/** Waits until it is gone. @returns the UID that was tracked before */
async function deleteStatefulSet(
  bed: Testbed,
  node: string,
  cascade: 'background' | 'orphan' = 'background',
): Promise<string> {
  const tracked = await trackedUid(bed, node);
  await bed.kubectl(['delete', 'statefulset', node, `--cascade=${cascade}`]);
  return tracked;
}

/** Waits until status names another StatefulSet than before. @returns its UID */
async function untilTrackedAnew(bed: Testbed, node: string, before: string): Promise<string> {
  const { status } = await bed.nodes.until(
    node,
    'another StatefulSet is tracked',
    (version) => ![undefined, before].includes(version.status?.statefulSet?.uid),
    SECONDS_MS,
  );
  return status?.statefulSet?.uid ?? '';
}

async function trackedUid(bed: Testbed, node: string): Promise<string> {
  return (await bed.nodes.get(node)).status?.statefulSet?.uid ?? '';
}

function untilStalled(bed: Testbed, node: string, reason: string) {
  return bed.nodes.until(
    node,
    `it is stalled for ${reason}`,
    (version) => conditionOf(version, 'Stalled') === `True/${reason}`,
  );
}

/** Waits until the node has a pod whose sidecar was marked ready. */
async function untilServing(bed: Testbed, node: string): Promise<void> {
  await eventually(`the sidecar of ${node} is ready`, async () => {
    const { sidecar, pod } = await bed.sidecars.state(bed.key(node));
    return sidecar?.ready === true && pod?.uid === bed.pods.uids(node).at(-1);
  });
}

async function claimUid(bed: Testbed, node: string): Promise<string | undefined> {
  const key = { name: `data-${node}`, namespace: bed.namespace };
  return (await bed.core.readNamespacedPersistentVolumeClaim(key)).metadata?.uid;
}

async function healNewPod(bed: Testbed, node: string, image: string): Promise<void> {
  if (image === V2) return;
  await eventually('there is a pod of the new StatefulSet', () => bed.pods.uids(node).length === 3);
  await healPod(bed, node);
}

/**
 * Replaces the node's StatefulSet while the worker stands still.
 *
 * @returns the UID of the new one
 */
async function slipIn(
  bed: Testbed,
  worker: OperatorProcess,
  node: string,
  change: (statefulSet: V1StatefulSet) => void,
): Promise<string> {
  const statefulSet = await bed.apps.readNamespacedStatefulSet(bed.key(node));
  for (const field of ['uid', 'resourceVersion', 'managedFields'] as const) {
    delete statefulSet.metadata?.[field];
  }
  change(statefulSet);
  return whileStopped(worker, async () => {
    await deleteStatefulSet(bed, node);
    const created = await bed.apps.createNamespacedStatefulSet({
      namespace: bed.namespace,
      body: statefulSet,
    });
    return created.metadata?.uid ?? '';
  });
}

/** Creates the one controller that is none of ours, and returns its name. */
async function createOwner(bed: Testbed, node: string): Promise<V1OwnerReference> {
  const name = `owner-of-${node}`;
  const owner = await bed.core.createNamespacedConfigMap({
    namespace: bed.namespace,
    body: { metadata: { name } },
  });
  const uid = owner.metadata?.uid ?? '';
  return { apiVersion: 'v1', kind: 'ConfigMap', name, uid, controller: true };
}

function setOwners(statefulSet: V1StatefulSet, ownerReferences: V1OwnerReference[]): void {
  Object.assign(statefulSet.metadata ?? {}, { ownerReferences });
}

function setSpec(statefulSet: V1StatefulSet, spec: Partial<V1StatefulSet['spec']>): void {
  Object.assign(statefulSet.spec ?? {}, spec);
}

/** Removes our labels, as a stranger would make the object, so that no watch of ours sees it. */
function takeOurLabels({ metadata, spec }: V1StatefulSet): void {
  const labels = { app: 'somebody-elses' };
  delete metadata?.labels;
  Object.assign(spec ?? {}, { selector: { matchLabels: labels } });
  Object.assign(spec?.template ?? {}, { metadata: { labels } });
}
