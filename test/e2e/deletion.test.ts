import { describe, expect } from 'vitest';

import { findCondition } from '../../domain/node/condition.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { FINALIZER } from '../../domain/node/sei-node.ts';
import { isNotFound } from '../../kubernetes/api/errors.ts';
import { eventually } from '../support/eventually.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { untilEvent } from '../support/testbed/node-events.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V1, V2, V3 } from '../support/testbed/sei-nodes.ts';
import { steer } from '../support/testbed/steering.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { untilRefused } from '../support/testbed/until-refused.ts';
import { applyPolicy } from './admission-policy.ts';
import {
  CANNOT_PULL,
  healPod,
  SLOW_TERMINATE,
  stickUpdate,
  STUCK_UPDATES,
} from './stuck-updates.ts';
import { claimNameOf, createClaim, createStatefulSet, importingSpec } from './unowned-objects.ts';
import { whileStopped } from './while-stopped.ts';

/** The garbage collector takes up to 30 s to see that a CRD is there, and this one is new; longer on a busy machine. */
const COLLECTED_MS = 90_000;

/** A state of a node in which it is deleted. */
interface State {
  readonly node: string;
  readonly is: string;
  reached(bed: Testbed, node: string): Promise<unknown>;
  /** Removes whatever else keeps the pod, and so the node and its data. */
  release?(bed: Testbed, node: string): Promise<unknown>;
}

const STATES: readonly State[] = [
  { node: 'rest', is: 'is at rest', reached: (bed, node) => bed.nodes.createRunning(node, V1) },
  {
    node: 'coming-up',
    is: 'comes up with a bad image',
    reached: async (bed, node) => {
      await bed.nodes.create(node, { image: CANNOT_PULL });
      await bed.nodes.until(node, 'it is stalled', isStalled('ImagePullBackOff'));
    },
  },
  {
    node: 'paused',
    is: 'is paused',
    reached: async (bed, node) => {
      await bed.nodes.createRunning(node, V1);
      await bed.nodes.patchSpec(node, { paused: true });
      await bed.nodes.until(
        node,
        'it is paused',
        (version) => conditionOf(version, 'Paused') === 'True/Paused',
      );
    },
  },
  {
    node: 'held',
    is: 'is held',
    reached: async (bed, node) => {
      await bed.nodes.createRunning(node, V1);
      await steer(bed, node, 'pause');
      await bed.nodes.until(node, 'it is held', ({ status }) => status?.hold !== undefined);
    },
  },
  {
    node: 'held-update',
    is: 'is held in the middle of an update',
    reached: async (bed, node) => {
      await bed.nodes.createRunning(node, V1);
      await bed.nodes.setImage(node, CANNOT_PULL);
      await bed.nodes.until(node, 'it is stalled', isStalled('ImagePullBackOff'));
      await steer(bed, node, 'pause');
      await bed.nodes.until(node, 'it is held', ({ status }) => status?.hold !== undefined);
    },
  },
  {
    node: 'failed',
    is: 'is in phase Failed',
    reached: async (bed, node) => {
      await bed.nodes.createRunning(node, V1);
      await bed.runs.closed(bed.key(node));
      await bed.nodes.patchStatus(node, { phase: 'Failed' });
    },
  },
  ...STUCK_UPDATES.map((stuck): State => ({
    node: `updated-${stuck.at}`,
    is: `is in the middle of an update, stuck because the ${stuck.at}`,
    reached: (bed, node) => stickUpdate(bed, node, stuck),
    release: (bed, node) => stuck.release(bed, node),
  })),
];

const it = testbedTest('deletion', ['watcher']).extend('worker', { scope: 'file' }, ({ bed }) =>
  bed.start('worker'),
);
const test = it.extend('running', { auto: true }, ({ worker }) => worker);

describe('a node that is deleted', () => {
  test.for(STATES)('while it $is goes with all that is its own', async (state, { bed }) => {
    const { node } = state;
    await state.reached(bed, node);
    const deleted = await bed.nodes.get(node);
    await bed.nodes.delete(node);
    await state.release?.(bed, node);
    await bed.nodes.untilGone(deleted);
    await expectNoPod(bed, node);
    expect(bed.nodes.versions(node).at(-1)?.status?.phase).toBe('Terminating');
    await untilAllIsGone(bed, node);
    await bed.runs.closed(bed.key(node));
  });

  test('while its run is parked goes, and what stands in its way stays', async ({ bed }) => {
    await createClaim(bed, 'parked');
    const uid = await createStatefulSet(bed, 'parked', ({ spec }) => {
      Object.assign(spec ?? {}, { serviceName: 'another' });
    });
    const node = await bed.nodes.create('parked', importingSpec('parked'));
    await bed.nodes.until('parked', 'it is stalled', isStalled('Incompatible'));
    await bed.nodes.delete('parked');
    await bed.nodes.untilGone(node);
    const { metadata } = await bed.apps.readNamespacedStatefulSet(bed.key('parked'));
    expect(metadata).toMatchObject({ uid });
    expect(metadata?.deletionTimestamp).toBeUndefined();
  });

  test('stays, and says what it waits for, until its pod is gone', async ({ bed }) => {
    const node = await bed.nodes.createRunning('slow', SLOW_TERMINATE);
    await bed.nodes.delete('slow');
    const waiting = await bed.nodes.until('slow', 'it waits for its pod', saysTerminatingSince);
    expect(conditionOf(waiting, 'Ready')).toBe('False/Terminating');
    expect(waiting.metadata.finalizers).toContain(FINALIZER);
    const claim = { name: 'data-slow', namespace: bed.namespace };
    const { metadata } = await bed.core.readNamespacedPersistentVolumeClaim(claim);
    expect(metadata?.deletionTimestamp).toBeUndefined();
    await healPod(bed, 'slow');
    await bed.nodes.untilGone(node);
    await expectNoPod(bed, 'slow');
    await untilAllIsGone(bed, 'slow');
  });

  test('takes along the pod that its StatefulSet has left behind', async ({ bed, worker }) => {
    const node = await bed.nodes.createRunning('left', V1);
    await bed.runs.closed(bed.key('left'));
    await whileStopped(worker, async () => {
      await bed.kubectl(['delete', 'statefulset', 'left', '--cascade=orphan']);
      await bed.nodes.delete('left');
      const pod = await bed.core.readNamespacedPod(podKey(bed, 'left'));
      expect(pod.metadata?.ownerReferences).toBeUndefined();
      expect(pod.metadata?.deletionTimestamp).toBeUndefined();
    });
    await bed.nodes.untilGone(node);
    await expectNoPod(bed, 'left');
    await untilAllIsGone(bed, 'left');
  });

  test('leaves the volume claim that it imported', async ({ bed }) => {
    await createClaim(bed, 'importing');
    await bed.nodes.create('importing', importingSpec('importing'));
    const node = await bed.nodes.untilSettledOn('importing', V1);
    await bed.nodes.delete('importing');
    await bed.nodes.untilGone(node);
    await untilAllIsGone(bed, 'importing');
    const claim = await bed.core.readNamespacedPersistentVolumeClaim({
      name: claimNameOf('importing'),
      namespace: bed.namespace,
    });
    expect(claim.metadata?.deletionTimestamp).toBeUndefined();
  });

  test('while there is no worker goes when there is one again', async ({ bed, worker }) => {
    const node = await bed.nodes.createRunning('unattended', V1);
    await bed.runs.closed(bed.key('unattended'));
    await whileStopped(worker, async () => {
      await bed.nodes.delete('unattended');
      await bed.nodes.until(
        'unattended',
        'it is being deleted',
        ({ metadata }) => metadata.deletionTimestamp !== undefined,
      );
    });
    await bed.nodes.untilGone(node);
    await untilAllIsGone(bed, 'unattended');
  });

  test('together with what it owns, by a foreground deletion, goes', async ({ bed }) => {
    const node = await bed.nodes.createRunning('foreground', V1);
    const args = ['snode', 'foreground', '--cascade=foreground', '--wait=false'];
    await bed.kubectl(['delete', ...args]);
    await bed.nodes.untilGone(node);
    await untilAllIsGone(bed, 'foreground');
  });
});

describe('a node that is deleted with --cascade=orphan', () => {
  const deleteOrphaning = (bed: Testbed, node: string) =>
    bed.kubectl(['delete', 'snode', node, '--cascade=orphan', '--wait=false']);

  test('leaves all as it is where the garbage collector was faster', async ({ bed, worker }) => {
    const node = await bed.nodes.createRunning('orphaning', V1);
    await bed.runs.closed(bed.key('orphaning'));
    const before = await uidsOf(bed, 'orphaning');
    await whileStopped(worker, async () => {
      await deleteOrphaning(bed, 'orphaning');
      await bed.nodes.until(
        'orphaning',
        'the garbage collector has let go',
        ({ metadata: { deletionTimestamp, finalizers } }) =>
          deletionTimestamp !== undefined && finalizers?.join() === FINALIZER,
      );
    });
    await bed.nodes.untilGone(node);
    expect(await uidsOf(bed, 'orphaning')).toEqual(before);
    await untilEvent(bed, 'orphaning', 'Orphaned');
  });

  test('leaves all as it is where the garbage collector is slower', async ({ bed }) => {
    await bed.nodes.createRunning('busy', V1);
    await bed.runs.closed(bed.key('busy'));
    const before = await uidsOf(bed, 'busy');
    const letGo = await keepOwners(bed, 'busy');
    await deleteOrphaning(bed, 'busy');
    const node = await bed.nodes.until(
      'busy',
      'only the garbage collector holds it',
      ({ metadata }) => metadata.finalizers?.join() === 'orphan',
    );
    expect(await uidsOf(bed, 'busy')).toEqual(before);
    await letGo();
    await bed.nodes.untilGone(node);
    expect(await uidsOf(bed, 'busy')).toEqual(before);
  });
});

describe('a node that is created again under the name of one that was deleted', () => {
  test('starts clean', async ({ bed }) => {
    const old = await bed.nodes.createRunning('again', V1);
    await bed.nodes.setImage('again', V2);
    await bed.nodes.untilSettledOn('again', V2);
    await bed.nodes.delete('again');
    await bed.nodes.untilGone(old);
    const fresh = await bed.nodes.create('again', { image: V3 });
    await bed.nodes.untilSettledOn('again', V3);
    await expectClean(bed, fresh, V3);
  });

  test('starts clean while the run of the old one is still open', async ({ bed, worker }) => {
    const stuck = STUCK_UPDATES.find(({ at }) => at === 'sidecar-hangs');
    if (stuck === undefined) throw new Error('there is no update stuck at its sidecar');
    await stickUpdate(bed, 'twin', stuck);
    const old = await bed.nodes.get('twin');
    const fresh = await whileStopped(worker, async () => {
      await bed.nodes.delete('twin');
      // Only a person in a hurry does this.
      const patch = JSON.stringify({ metadata: { finalizers: null } });
      await bed.kubectl(['patch', 'snode', 'twin', '--type=merge', '-p', patch]);
      await bed.nodes.untilGone(old);
      return bed.nodes.create('twin', { image: V3 });
    });
    await stuck.release(bed, 'twin');
    await bed.nodes.untilSettledOn('twin', V3);
    await expectClean(bed, fresh, V3);
  });

  test('waits for the pod and the volume claim of one that was let go by force', async ({
    bed,
  }) => {
    const old = await bed.nodes.createRunning('lingering', SLOW_TERMINATE);
    await bed.nodes.delete('lingering');
    await bed.nodes.until('lingering', 'it waits for its pod', saysTerminatingSince);
    const patch = JSON.stringify({ metadata: { finalizers: null } });
    await bed.kubectl(['patch', 'snode', 'lingering', '--type=merge', '-p', patch]);
    await bed.nodes.untilGone(old);
    const fresh = await bed.nodes.create('lingering', { image: V3 });
    await bed.nodes.until(
      'lingering',
      'its bring-up has begun',
      ({ metadata, status }) =>
        metadata.uid === fresh.metadata.uid && status?.phase === 'Initializing',
    );
    await healPod(bed, 'lingering');
    await bed.nodes.untilSettledOn('lingering', V3);
    await expectClean(bed, fresh, V3);
  });
});

function isStalled(reason: string): (node: SeiNode) => boolean {
  return (node) => conditionOf(node, 'Stalled') === `True/${reason}`;
}

function saysTerminatingSince({ metadata, status }: SeiNode): boolean {
  const ready = findCondition(status?.conditions, 'Ready');
  const pod = `waits for pod ${podNameOf(metadata.name)} on machine `;
  return ready?.message.includes(pod) === true && ready.message.includes('terminating since');
}

function podKey({ namespace }: Testbed, node: string) {
  return { name: podNameOf(node), namespace };
}

/** Checks that there is no pod, right after the node has gone: its end promises that. */
async function expectNoPod(bed: Testbed, node: string): Promise<void> {
  expect(await isFound(bed.core.readNamespacedPod(podKey(bed, node)))).toBe(false);
}

/** Returns the UIDs of what a node consists of, none of it on its way out. */
async function uidsOf(bed: Testbed, node: string): Promise<readonly (string | undefined)[]> {
  const { namespace } = bed;
  const found = await Promise.all([
    bed.apps.readNamespacedStatefulSet(bed.key(node)),
    bed.core.readNamespacedPod(podKey(bed, node)),
    bed.core.readNamespacedService(bed.key(node)),
    bed.core.readNamespacedConfigMap({ name: `${node}-rbac-proxy-config`, namespace }),
    bed.core.readNamespacedPersistentVolumeClaim({ name: `data-${node}`, namespace }),
  ]);
  return found.map(({ metadata }) => {
    expect(metadata?.deletionTimestamp).toBeUndefined();
    return metadata?.uid;
  });
}

/**
 * Makes the API server refuse to take the owners off the node's Service, as if the garbage collector had not come to
 * that yet.
 *
 * @returns a function that ends that
 */
async function keepOwners(bed: Testbed, node: string): Promise<() => Promise<void>> {
  const name = `keep-owners-of-${bed.namespace}`;
  await applyPolicy(bed, {
    name,
    operation: 'UPDATE',
    resource: 'services',
    resourceNames: [node],
    expression: 'has(object.metadata.ownerReferences)',
    message: 'this Service is to keep its owners',
  });
  const patch = JSON.stringify({ metadata: { ownerReferences: null } });
  const attempt = ['patch', 'service', node, '--dry-run=server', '--type=merge', '-p', patch];
  await untilRefused(
    `Service ${node} keeps its owners`,
    () => bed.kubectl(attempt),
    'is to keep its owners',
  );
  return async () => {
    await bed.kubectl(['delete', 'validatingadmissionpolicybinding', name]);
    await bed.kubectl(['delete', 'validatingadmissionpolicy', name]);
  };
}

async function untilAllIsGone(bed: Testbed, node: string): Promise<void> {
  const { namespace } = bed;
  const claim = { name: `data-${node}`, namespace };
  const pod = podKey(bed, node);
  await eventually(
    `nothing of ${node} is left`,
    async () => {
      const reads = [
        bed.apps.readNamespacedStatefulSet(bed.key(node)),
        bed.core.readNamespacedService(bed.key(node)),
        bed.core.readNamespacedPod(pod),
        bed.core.readNamespacedPersistentVolumeClaim(claim),
      ];
      const found = await Promise.all(reads.map(isFound));
      return !found.includes(true);
    },
    COLLECTED_MS,
  );
}

async function isFound(read: Promise<unknown>): Promise<boolean> {
  try {
    await read;
    return true;
  } catch (err) {
    if (isNotFound(err)) return false;
    throw err;
  }
}

/** Checks that nothing that the new node has ever said or owned is the old one's. */
async function expectClean(bed: Testbed, fresh: SeiNode, image: string): Promise<void> {
  const { name, uid } = fresh.metadata;
  await bed.runs.closed(bed.key(name));
  const versions = bed.nodes.versions(name).filter(({ metadata }) => metadata.uid === uid);
  const images = new Set(versions.map(({ status }) => status?.currentImage));
  expect(images).toEqual(new Set([undefined, image]));
  const plans = new Set(versions.map(({ status }) => status?.plan?.id));
  expect(plans.size).toBe(2);
  const { status } = await bed.nodes.get(name);
  expect(status?.history).toBeUndefined();
  const live = await bed.apps.readNamespacedStatefulSet(bed.key(name));
  expect(live.metadata?.ownerReferences).toMatchObject([{ uid }]);
  expect(status?.statefulSet?.uid).toBe(live.metadata?.uid);
  const claim = { name: `data-${name}`, namespace: bed.namespace };
  const { metadata } = await bed.core.readNamespacedPersistentVolumeClaim(claim);
  expect(metadata?.ownerReferences).toMatchObject([{ uid }]);
}
