import { beforeEach, describe, expect, it } from 'vitest';

import { FailureType } from '../../domain/failure/failure-type.ts';
import type { ClaimParts, FakeCluster } from '../support/cluster/fake-cluster.ts';
import { NODE, seiNode } from '../support/sei-node.ts';
import { ActivityBed, PLAN } from './activity-bed.ts';

type OwnerReferences = NonNullable<Parameters<FakeCluster['createClaim']>[1]>;

function ownerOf(name: string, uid: string) {
  return { apiVersion: 'sei.io/v1alpha1', kind: 'SeiNode', name, uid, controller: true };
}

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

  it.each<[string, OwnerReferences, ClaimParts, RegExp]>([
    [
      'carries the labels of another application',
      [],
      { labels: { app: 'web' } },
      /data-n0 exists and is not of this SeiNode \(labels app=web\): label it sei\.io\/node=n0/,
    ],
    ['another node owns', [ownerOf('n1', 'n1')], {}, /belongs to SeiNode n1: take that owner off/],
  ])('refuses for good a claim that %s, and says what to do', async (_, owners, parts, message) => {
    bed.cluster.createClaim(CLAIM, owners, parts);
    const before = bed.cluster.claim(CLAIM);
    await expect(bed.run('ensureDataPvc', PLAN)).rejects.toMatchObject({
      type: FailureType.ForeignOwner,
      nonRetryable: true,
      message: expect.stringMatching(message) as string,
    });
    expect(bed.cluster.claim(CLAIM)).toEqual(before);
  });

  it.each<[string, OwnerReferences, ClaimParts]>([
    ['that nobody owns', [], {}],
    ['with the labels of the node', [], { labels: { 'sei.io/node': 'n0', team: 'infra' } }],
    ['of an earlier node of the name', [ownerOf('n0', 'earlier')], {}],
  ])('adopts a restored claim %s, and tells of it', async (_, owners, parts) => {
    bed.cluster.createClaim(CLAIM, owners, parts);
    const { uid } = bed.cluster.claim(CLAIM)?.metadata ?? {};
    await bed.run('ensureDataPvc', PLAN);
    expect(bed.cluster.claim(CLAIM)?.metadata).toMatchObject({
      uid,
      labels: { ...parts.labels, 'sei.io/node': 'n0', 'sei.io/chain': 'pacific-1' },
      ownerReferences: [{ kind: 'SeiNode', name: 'n0', uid: NODE.uid, controller: true }],
    });
    expect(bed.cluster.claim(CLAIM)?.metadata?.ownerReferences).toHaveLength(1);
    expect(bed.cluster.events.at(-1)).toMatchObject({
      type: 'Normal',
      reason: 'DataVolumeAdopted',
      message: expect.stringContaining('PersistentVolumeClaim data-n0') as string,
    });
    bed.cluster.requests.clear();
    await bed.run('ensureDataPvc', PLAN);
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('waits for a claim of an earlier node of the name that is going', async () => {
    bed.cluster.createClaim(CLAIM, [ownerOf('n0', 'earlier')]);
    const { uid = '', resourceVersion = '' } = bed.cluster.claim(CLAIM)?.metadata ?? {};
    await bed.cluster.api.deletePersistentVolumeClaim({ ...CLAIM, uid, resourceVersion });
    await expect(bed.run('ensureDataPvc', PLAN)).rejects.toMatchObject({
      nonRetryable: false,
      message: 'waiting for PersistentVolumeClaim data-n0 of the deleted SeiNode to be gone',
    });
  });

  it('adopts no claim that a pod of somebody else uses, and names the pod', async () => {
    bed.cluster.createClaim(CLAIM);
    const before = bed.cluster.claim(CLAIM);
    bed.cluster.createPodWithClaim({ ...CLAIM, name: 'copy' }, CLAIM.name);
    await expect(bed.run('ensureDataPvc', PLAN)).rejects.toMatchObject({
      type: FailureType.ForeignOwner,
      nonRetryable: true,
      message: expect.stringContaining('Pod copy, which is not of this SeiNode, uses it') as string,
    });
    expect(bed.cluster.claim(CLAIM)).toEqual(before);
  });

  it('adopts no claim that another node imports, and names that node', async () => {
    bed.cluster.createClaim(CLAIM, []);
    const before = bed.cluster.claim(CLAIM);
    const dataVolume = { import: { pvcName: CLAIM.name } };
    const metadata = { name: 'importer', uid: 'uid-of-importer' };
    bed.cluster.createNode(seiNode({ metadata, spec: { dataVolume, paused: true } }));
    await expect(bed.run('ensureDataPvc', PLAN)).rejects.toMatchObject({
      type: 'ForeignOwner',
      message: expect.stringContaining('SeiNode importer imports it') as string,
    });
    expect(bed.cluster.claim(CLAIM)).toEqual(before);
  });

  it('binds no claim to a node that only its cache still shows', async () => {
    bed.cluster.createClaim(CLAIM);
    const before = bed.cluster.claim(CLAIM);
    bed.cluster.cache.freeze('node');
    bed.cluster.removeNode(NODE);
    await bed.run('ensureDataPvc', PLAN).catch(() => undefined);
    expect(bed.cluster.claim(CLAIM)).toEqual(before);
  });

  it('adopts no claim that has become another one since it was read', async () => {
    bed.cluster.createClaim(CLAIM);
    bed.cluster.requests.before('adoptObject', () => {
      bed.cluster.removeClaim(CLAIM);
      bed.cluster.createClaim(CLAIM, [], { labels: { app: 'web' } });
    });
    await expect(bed.run('ensureDataPvc', PLAN)).rejects.toMatchObject({
      nonRetryable: false,
      type: 'conflict',
    });
    expect(bed.cluster.claim(CLAIM)?.metadata?.ownerReferences).toEqual([]);
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
