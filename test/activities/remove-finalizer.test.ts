import { beforeEach, describe, expect, it } from 'vitest';

import { FINALIZER } from '../../domain/sei-node.ts';
import { NODE, seiNode } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { PLAN } from './activity-bed.ts';
import { deletedBed, takeDown } from './delete-scenarios.ts';

let bed: ActivityBed;

beforeEach(async () => {
  bed = await deletedBed();
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

describe('a deletion', () => {
  it('leaves nothing of the node behind', async () => {
    await takeDown(bed);
    bed.cluster.settle();
    expect(bed.cluster.inventory.filter((one) => !one.startsWith('events '))).toEqual([]);
  });
});
