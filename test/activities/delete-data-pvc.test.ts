import { beforeEach, describe, expect, it } from 'vitest';

import { FINALIZER } from '../../domain/node/sei-node.ts';
import { NODE, seiNode } from '../support/sei-node.ts';
import { ActivityBed, BEGIN, PLAN, runningBed } from './activity-bed.ts';
import { deletedBed } from './delete-scenarios.ts';

const CLAIM = { namespace: NODE.namespace, name: 'data-n0' };

let bed: ActivityBed;

beforeEach(async () => {
  bed = await deletedBed();
});

const step = () => bed.run('deleteDataPvc', PLAN);
const claims = () => bed.cluster.inventory.filter((one) => one.startsWith('claims '));

describe('delete-data-pvc', () => {
  it('deletes nothing of a node that nobody has deleted', async () => {
    bed = await runningBed();
    await step();
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('deletes the claim that was made for the node, once nothing has it mounted', async () => {
    await step();
    expect(claims()).toEqual(['claims default/data-n0']);
    await bed.run('deleteStatefulSet', PLAN);
    bed.cluster.settle();
    expect(claims()).toEqual([]);
  });

  it('deletes it once, while it is still leaving', async () => {
    await step();
    await step();
    expect(bed.cluster.requests.of('deletePersistentVolumeClaim')).toHaveLength(1);
  });

  it.each([CLAIM.name, 'restored-history'])('keeps the imported claim %s', async (pvcName) => {
    bed = new ActivityBed();
    bed.cluster.createNode(seiNode({ spec: { dataVolume: { import: { pvcName } } } }));
    bed.cluster.createClaim({ ...CLAIM, name: pvcName });
    await bed.run('beginInit', BEGIN);
    bed.cluster.deleteNode(NODE);
    await step();
    bed.cluster.settle();
    expect(claims()).toEqual([`claims default/${pvcName}`]);
  });

  it.each([
    ['nobody owns', []],
    ['an earlier node of the name owned', [{ ...owner, uid: 'earlier' }]],
  ])('keeps a claim of the name that %s', async (_, ownerReferences) => {
    bed.cluster.removeClaim(CLAIM);
    bed.cluster.createClaim(CLAIM, ownerReferences);
    await step();
    expect(claims()).toEqual(['claims default/data-n0']);
    expect(bed.cluster.requests.of('deletePersistentVolumeClaim')).toEqual([]);
  });

  it('keeps it where the deletion asks for all to stay', async () => {
    bed.cluster.setFinalizers(NODE, [FINALIZER, 'orphan']);
    await step();
    expect(bed.cluster.requests.of('deletePersistentVolumeClaim')).toEqual([]);
  });

  it('keeps one that takes its place right before its deletion', async () => {
    bed.cluster.requests.before('deletePersistentVolumeClaim', () => {
      bed.cluster.removeClaim(CLAIM);
      bed.cluster.createClaim(CLAIM);
    });
    await expect(step()).rejects.toMatchObject({ type: 'conflict', nonRetryable: false });
    expect(claims()).toEqual(['claims default/data-n0']);
  });

  it('keeps what belongs to a later node of the name', async () => {
    bed.cluster.removeNode(NODE);
    bed.cluster.createNode(seiNode({ metadata: { uid: 'later' } }));
    await step();
    expect(bed.cluster.requests.of('deletePersistentVolumeClaim')).toEqual([]);
  });

  it('has nothing to do where there is no claim', async () => {
    bed.cluster.removeClaim(CLAIM);
    await step();
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});

const owner = { apiVersion: 'sei.io/v1alpha1', kind: 'SeiNode', name: NODE.name, controller: true };
