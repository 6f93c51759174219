import { beforeEach, describe, expect, it } from 'vitest';

import { FailureType } from '../../domain/failure-type.ts';
import { NODE, seiNode } from '../support/sei-node.ts';
import { ActivityBed, PLAN } from './activity-bed.ts';

const CLAIM = { namespace: NODE.namespace, name: 'data-n0' };

let bed: ActivityBed;

beforeEach(() => {
  bed = new ActivityBed();
  bed.cluster.createNode(seiNode());
});

describe('a snapshot that another image would have to restore', () => {
  it('is refused in words, and no claim is made', async () => {
    bed = new ActivityBed();
    const snapshot = { s3: { targetHeight: 5 }, bootstrapImage: 'sei:v0' };
    bed.cluster.createNode(seiNode({ spec: { fullNode: { snapshot } } }));
    await expect(bed.run('ensureDataPvc', PLAN)).rejects.toMatchObject({
      type: FailureType.InvalidSpec,
      message: expect.stringContaining(
        'spec.fullNode.snapshot.bootstrapImage is "sei:v0"',
      ) as string,
    });
    expect(claims()).toEqual([]);
  });
});

const claims = () => bed.cluster.inventory.filter((one) => one.startsWith('claims '));

describe('ensure-data-pvc', () => {
  it('creates the claim in one request', async () => {
    await bed.run('ensureDataPvc', PLAN);
    expect(claims()).toEqual(['claims default/data-n0']);
    expect(bed.cluster.requests.all).toHaveLength(1);
  });

  it("is content with the node's own claim, and changes nothing about it", async () => {
    await bed.run('ensureDataPvc', PLAN);
    bed.cluster.requests.clear();
    await bed.run('ensureDataPvc', PLAN);
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it("refuses for good a claim that is not the node's, and says what to do", async () => {
    bed.cluster.createClaim(CLAIM);
    await expect(bed.run('ensureDataPvc', PLAN)).rejects.toMatchObject({
      type: FailureType.ForeignOwner,
      nonRetryable: true,
      message: expect.stringMatching(
        /data-n0 exists and has no owner: delete it, or set spec\.dataVolume\.import/,
      ) as string,
    });
  });

  it('is retried when the claim in its way is gone a moment later', async () => {
    bed.cluster.createClaim(CLAIM);
    bed.cluster.requests.before('getPersistentVolumeClaim', () => bed.cluster.removeClaim(CLAIM));
    await expect(bed.run('ensureDataPvc', PLAN)).rejects.toMatchObject({ nonRetryable: false });
    await bed.run('ensureDataPvc', PLAN);
    expect(claims()).toHaveLength(1);
  });

  it('leaves an imported claim to its owner', async () => {
    bed.cluster.editSpec(NODE, { dataVolume: { import: { pvcName: 'precious' } } });
    bed.cluster.createClaim({ ...CLAIM, name: 'precious' });
    await bed.run('ensureDataPvc', PLAN);
    expect(bed.cluster.requests.all.map(({ method }) => method)).toEqual([
      'getPersistentVolumeClaim',
      'patchNodeStatus',
    ]);
  });

  it.each([
    ['is gone', []],
    ['is being deleted', ['sei.io/seinode-finalizer']],
  ])('creates nothing for a node that %s', async (_, finalizers) => {
    bed.cluster.setFinalizers(NODE, finalizers);
    bed.cluster.deleteNode(NODE);
    await bed.run('ensureDataPvc', PLAN);
    expect(claims()).toEqual([]);
  });
});
