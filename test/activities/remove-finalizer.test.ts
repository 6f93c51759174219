import { beforeEach, describe, expect, it } from 'vitest';

import { FINALIZER } from '../../domain/node/sei-node.ts';
import { NODE, seiNode } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { PLAN, runningBed } from './activity-bed.ts';
import { deletedBed, endedBed, takeDown } from './delete-scenarios.ts';

let bed: ActivityBed;

beforeEach(async () => {
  bed = await endedBed();
});

const step = () => bed.run('removeFinalizer', PLAN);

describe('remove-finalizer', () => {
  it('lets the node go', async () => {
    await step();
    expect(bed.cluster.node(NODE)).toBeUndefined();
  });

  it('leaves the finalizers of others where they are', async () => {
    bed.cluster.setFinalizers(NODE, ['theirs', FINALIZER, 'foregroundDeletion']);
    await step();
    expect(bed.node.metadata.finalizers).toEqual(['theirs', 'foregroundDeletion']);
  });

  it('tries again when somebody else writes in between, and undoes nothing', async () => {
    bed.cluster.requests.before('patchNodeFinalizers', () => {
      bed.cluster.setFinalizers(NODE, [FINALIZER, 'theirs']);
    });
    await expect(step()).rejects.toMatchObject({ type: 'conflict', nonRetryable: false });
    await step();
    expect(bed.node.metadata.finalizers).toEqual(['theirs']);
  });

  it('never touches a later node of the name', async () => {
    bed.cluster.removeNode(NODE);
    bed.cluster.createNode(seiNode({ metadata: { uid: 'later', finalizers: [FINALIZER] } }));
    await step();
    expect(bed.node.metadata.finalizers).toEqual([FINALIZER]);
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('is content where the node is gone', async () => {
    bed.cluster.removeNode(NODE);
    await step();
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});

describe('remove-finalizer before its turn', () => {
  beforeEach(async () => {
    bed = await deletedBed();
  });

  it('lets no node go while a pod of it is left, and gives none of its keys away', async () => {
    await expect(step()).rejects.toMatchObject({
      message: expect.stringContaining('waiting for pod n0-0') as unknown,
      nonRetryable: false,
    });
    expect(bed.node.metadata.finalizers).toEqual([FINALIZER]);
    expect(bed.cluster.requests.of('deleteMountLease')).toEqual([]);
  });

  it('lets no node go whose StatefulSet may still make a pod, and ends that', async () => {
    bed.cluster.deletePod({ namespace: NODE.namespace, name: 'n0-0' });
    bed.cluster.kubelet.endPods();
    await expect(step()).rejects.toMatchObject({
      message: 'waiting for StatefulSet n0 to be gone',
    });
    bed.cluster.settle();
    await step();
    expect(bed.cluster.node(NODE)).toBeUndefined();
  });

  it('lets a node go at once whose deletion keeps what it owns', async () => {
    bed.cluster.setFinalizers(NODE, [FINALIZER, 'orphan']);
    await step();
    expect(bed.node.metadata.finalizers).toEqual(['orphan']);
    expect(bed.cluster.statefulSet(NODE)).toBeDefined();
  });

  it('lets no node go that nobody has deleted', async () => {
    bed = await runningBed();
    await step();
    expect(bed.node.metadata.finalizers).toEqual([FINALIZER]);
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});

describe('a deletion', () => {
  it('leaves nothing of the node behind', async () => {
    await takeDown(bed);
    bed.cluster.settle();
    expect(bed.cluster.inventory.filter((one) => !one.startsWith('events '))).toEqual([]);
  });
});
