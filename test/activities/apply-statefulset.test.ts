import { ApplicationFailure } from '@temporalio/common';
import { beforeEach, describe, expect, it } from 'vitest';

import type { AttemptInput } from '../../activities/contract.ts';
import { FailureType } from '../../domain/failure-type.ts';
import { targetFor } from '../../domain/target.ts';
import { statefulSetFor } from '../../manifests/stateful-set.ts';
import { platform } from '../manifests/fixtures.ts';
import type { PlainStatefulSet } from '../support/fake-cluster/plain.ts';
import { DEFAULT_SIDECAR, NODE, seiNode, V1, V2 } from '../support/sei-node.ts';
import { ActivityBed, BEGIN, PLAN, TO_V1, TO_V2, updatingBed } from './activity-bed.ts';

let bed: ActivityBed;
let attempt: AttemptInput;

const methods = () => bed.cluster.requests.all.map(({ method }) => method);
const trackedUid = () => bed.node.status?.statefulSet?.uid;

describe('apply-statefulset in an update', () => {
  beforeEach(async () => {
    bed = await updatingBed();
    attempt = { ...PLAN, target: TO_V2, generation: 2 };
  });

  it('applies the target to the tracked StatefulSet, in one request', async () => {
    const before = bed.cluster.statefulSet(NODE);
    expect(await bed.run('applyStatefulSet', attempt)).toEqual({
      kind: 'applied',
      statefulSet: { uid: before?.uid, generation: 2 },
    });
    expect(methods()).toEqual(['applyStatefulSet']);
    expect(bed.cluster.statefulSet(NODE)).toMatchObject({ templateImage: V2, replicas: 1 });
  });

  it('answers the same generation when there is nothing to change', async () => {
    const once = await bed.run('applyStatefulSet', attempt);
    expect(await bed.run('applyStatefulSet', attempt)).toEqual(once);
  });

  it('puts replicas back that somebody has scaled', async () => {
    bed.cluster.editStatefulSet(NODE, { replicas: 0 });
    await bed.run('applyStatefulSet', attempt);
    expect(bed.cluster.statefulSet(NODE)?.replicas).toBe(1);
  });

  it('forgets the StatefulSet that somebody has deleted, and applies nothing yet', async () => {
    bed.cluster.deleteStatefulSet(NODE);
    expect(await bed.run('applyStatefulSet', attempt)).toEqual({ kind: 'again' });
    expect(trackedUid()).toBeUndefined();
    expect(bed.cluster.statefulSet(NODE)).toBeUndefined();
    expect(bed.cluster.events.at(-1)).toMatchObject({ type: 'Warning', reason: 'StatefulSetGone' });
  });

  it('makes it anew in the next pass, and tracks it', async () => {
    const before = trackedUid();
    bed.cluster.deleteStatefulSet(NODE);
    await bed.run('applyStatefulSet', attempt);
    const result = await bed.run('applyStatefulSet', attempt);
    const { uid } = bed.cluster.statefulSet(NODE) ?? {};
    expect(uid).not.toBe(before);
    expect(result).toMatchObject({ kind: 'applied', statefulSet: { uid, generation: 1 } });
    expect(trackedUid()).toBe(uid);
  });

  it('does not take its own StatefulSet for an impostor when status could not be written', async () => {
    bed.cluster.deleteStatefulSet(NODE);
    await bed.run('applyStatefulSet', attempt);
    bed.cluster.requests.clear();
    bed.cluster.requests.loseAnswer('applyStatefulSet');
    await expect(bed.run('applyStatefulSet', attempt)).rejects.toMatchObject({
      nonRetryable: false,
    });
    const { uid } = bed.cluster.statefulSet(NODE) ?? {};
    expect(methods()).toEqual(['getNode', 'getStatefulSet', 'applyStatefulSet']);
    expect(await bed.run('applyStatefulSet', attempt)).toMatchObject({ statefulSet: { uid } });
    expect(trackedUid()).toBe(uid);
  });

  it('deletes another StatefulSet that has taken the name, and applies nothing yet', async () => {
    bed.cluster.deleteStatefulSet(NODE);
    const { uid } = bed.cluster.createStatefulSet(manifest());
    expect(await bed.run('applyStatefulSet', attempt)).toEqual({ kind: 'again' });
    expect(bed.cluster.statefulSet(NODE)).toBeUndefined();
    expect(bed.node.status).toMatchObject({ impostor: { name: NODE.name, uid } });
    expect(trackedUid()).toBeUndefined();
    expect(bed.cluster.events.at(-1)).toMatchObject({ type: 'Warning', reason: 'ImpostorDeleted' });
  });

  it('makes its own in the next pass, and forgets the other', async () => {
    bed.cluster.deleteStatefulSet(NODE);
    bed.cluster.createStatefulSet(manifest());
    await bed.run('applyStatefulSet', attempt);
    expect(await bed.run('applyStatefulSet', attempt)).toMatchObject({ kind: 'applied' });
    expect(trackedUid()).toBe(bed.cluster.statefulSet(NODE)?.uid);
    expect(bed.node.status).not.toHaveProperty('impostor');
  });

  it('follows the identity that status names by now, not the one that its cache shows', async () => {
    bed.cluster.cache.freeze('node');
    bed.cluster.deleteStatefulSet(NODE);
    const { name, uid } = bed.cluster.createStatefulSet(manifest());
    bed.cluster.editStatus(NODE, { statefulSet: { name, uid } });
    expect(await bed.run('applyStatefulSet', attempt)).toMatchObject({
      kind: 'applied',
      statefulSet: { uid },
    });
    expect(trackedUid()).toBe(uid);
  });

  it('reads live what its cache shows from before the generation that it works on', async () => {
    bed.cluster.cache.freeze('node');
    bed.cluster.editSpec(NODE, { podLabels: { a: 'b' } });
    await bed.run('applyStatefulSet', { ...attempt, generation: 3 });
    expect(methods()).toEqual(['getNode', 'applyStatefulSet']);
  });

  it('renders no old image because its cache is behind', async () => {
    bed.cluster.cache.freeze('node');
    bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    const target = { ...TO_V2, image: 'sei:v3' };
    await bed.run('applyStatefulSet', { ...attempt, target, generation: 3 });
    expect(bed.cluster.statefulSet(NODE)?.templateImage).toBe('sei:v3');
  });

  it('applies nothing where another image is wanted by now', async () => {
    bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    expect(await bed.run('applyStatefulSet', attempt)).toEqual({ kind: 'superseded' });
    expect(methods()).toEqual([]);
  });

  it.each([
    ['is gone', []],
    ['is being deleted', ['sei.io/seinode-finalizer']],
  ])('applies nothing where the node %s', async (_, finalizers) => {
    bed.cluster.setFinalizers(NODE, finalizers);
    bed.cluster.deleteNode(NODE);
    expect(await bed.run('applyStatefulSet', attempt)).toEqual({ kind: 'gone' });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('recreates nothing for a node that is being deleted while its cache is behind', async () => {
    bed.cluster.setFinalizers(NODE, ['foregroundDeletion']);
    bed.cluster.cache.freeze();
    bed.cluster.deleteNode(NODE);
    bed.cluster.deleteStatefulSet(NODE);
    expect(await bed.run('applyStatefulSet', attempt)).toEqual({ kind: 'gone' });
    expect(bed.cluster.statefulSet(NODE)).toBeUndefined();
  });

  it('applies nothing for another node of the name', async () => {
    const node = { ...NODE, uid: 'another' };
    expect(await bed.run('applyStatefulSet', { ...attempt, node })).toEqual({ kind: 'gone' });
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});

describe('apply-statefulset of a new node', () => {
  beforeEach(async () => {
    bed = new ActivityBed();
    bed.cluster.createNode(seiNode());
    await bed.run('beginInit', BEGIN);
    bed.cluster.requests.clear();
    attempt = { ...PLAN, target: TO_V1, generation: 1 };
  });

  it('creates one, which the node controls, and tracks it', async () => {
    const result = await bed.run('applyStatefulSet', attempt);
    expect(result).toMatchObject({ kind: 'applied', statefulSet: { generation: 1 } });
    expect(bed.cluster.statefulSet(NODE)).toMatchObject({
      uid: trackedUid(),
      owner: { kind: 'SeiNode', uid: NODE.uid },
      updateStrategy: 'OnDelete',
      templateImage: V1,
    });
  });

  it('adopts one that nobody controls and that fits', async () => {
    const { uid } = bed.cluster.createStatefulSet(manifest({ ownerReferences: [] }));
    expect(await bed.run('applyStatefulSet', attempt)).toMatchObject({ statefulSet: { uid } });
    expect(trackedUid()).toBe(uid);
    expect(bed.cluster.statefulSet(NODE)?.owner?.uid).toBe(NODE.uid);
  });

  it('leaves one alone that another controls', async () => {
    const owner = { apiVersion: 'v1', kind: 'Other', name: 'x', uid: 'x-uid', controller: true };
    bed.cluster.createStatefulSet(manifest({ ownerReferences: [owner] }));
    await expect(bed.run('applyStatefulSet', attempt)).rejects.toMatchObject({
      type: FailureType.ForeignOwner,
      nonRetryable: true,
    });
    expect(trackedUid()).toBeUndefined();
  });

  it('leaves one alone that does not fit', async () => {
    const found = manifest({ ownerReferences: [] });
    bed.cluster.createStatefulSet({
      ...found,
      spec: { ...found.spec, serviceName: 'other' } as NonNullable<typeof found.spec>,
    });
    await expect(bed.run('applyStatefulSet', attempt)).rejects.toMatchObject({
      type: FailureType.Incompatible,
    });
  });

  it('waits for the one that a deleted node of the name has left behind', async () => {
    const owner = { ...ownerOf('earlier-uid') };
    bed.cluster.createStatefulSet(manifest({ ownerReferences: [owner] }));
    const failure = await bed.run('applyStatefulSet', attempt).catch((err: unknown) => err);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ nonRetryable: false });
    bed.cluster.deleteStatefulSet(NODE);
    expect(await bed.run('applyStatefulSet', attempt)).toMatchObject({ kind: 'applied' });
  });

  it('fails for good on a spec that cannot be rendered, and applies nothing', async () => {
    bed.cluster.editSpec(NODE, { chainId: 'not a label' });
    await expect(bed.run('applyStatefulSet', attempt)).rejects.toMatchObject({
      type: FailureType.InvalidSpec,
      nonRetryable: true,
    });
    expect(bed.cluster.statefulSet(NODE)).toBeUndefined();
  });
});

/** What would be rendered for the node, with other metadata. */
function manifest(metadata: Partial<PlainStatefulSet['metadata']> = {}): PlainStatefulSet {
  const target = targetFor(bed.node, DEFAULT_SIDECAR);
  const rendered: PlainStatefulSet = statefulSetFor(bed.node, target, platform);
  return { ...rendered, metadata: { ...rendered.metadata, ...metadata } };
}

function ownerOf(uid: string) {
  return { apiVersion: 'sei.io/v1alpha1', kind: 'SeiNode', name: NODE.name, uid, controller: true };
}
