import { ApplicationFailure } from '@temporalio/common';
import { beforeEach, describe, expect, it } from 'vitest';

import type { AttemptInput } from '../../../activities/contract/plan.ts';
import { FailureType } from '../../../domain/failure/failure-type.ts';
import { NODE, V1, V2 } from '../../support/sei-node.ts';
import type { ActivityBed } from '../activity-bed.ts';
import { initBed, PLAN, TO_V1, TO_V2, updatingBed } from '../activity-bed.ts';
import { leftoverStatefulSet, renderedStatefulSet } from '../rendered-stateful-set.ts';

let bed: ActivityBed;
let attempt: AttemptInput;

const pass = () => bed.run('applyStatefulSet', attempt);
const methods = () => bed.cluster.requests.all.map(({ method }) => method);
const trackedUid = () => bed.node.status?.statefulSet?.uid;

describe('a tracked StatefulSet that somebody has deleted', () => {
  beforeEach(async () => {
    bed = await updatingBed();
    attempt = { ...PLAN, target: TO_V2, generation: 2 };
    bed.cluster.deleteStatefulSet(NODE);
  });

  it('is forgotten, and nothing is applied yet', async () => {
    expect(await pass()).toEqual({ kind: 'again' });
    expect(trackedUid()).toBeUndefined();
    expect(bed.cluster.statefulSet(NODE)).toBeUndefined();
    expect(bed.cluster.events.at(-1)).toMatchObject({ type: 'Warning', reason: 'StatefulSetGone' });
  });

  it('is made again in the next pass, and tracked', async () => {
    await pass();
    const result = await pass();
    const { uid } = bed.cluster.statefulSet(NODE) ?? {};
    expect(result).toMatchObject({ kind: 'applied', statefulSet: { uid, generation: 1 } });
    expect(bed.cluster.statefulSet(NODE)).toMatchObject({ templateImage: V2, replicas: 1 });
    expect(trackedUid()).toBe(uid);
    expect(bed.cluster.events.at(-1)?.reason).toBe('StatefulSetCreated');
  });

  it('keeps its data', async () => {
    await pass();
    await pass();
    expect(bed.cluster.inventory).toContain('claims default/data-n0');
    expect(bed.cluster.requests.of('deletePersistentVolumeClaim')).toEqual([]);
  });

  it('is taken for no impostor once it is made again, though its identity was not recorded', async () => {
    await pass();
    bed.cluster.requests.loseAnswer('applyStatefulSet');
    await expect(pass()).rejects.toMatchObject({ nonRetryable: false });
    const { uid } = bed.cluster.statefulSet(NODE) ?? {};
    expect(await pass()).toMatchObject({ kind: 'applied', statefulSet: { uid } });
    expect(trackedUid()).toBe(uid);
    expect(bed.cluster.requests.of('deleteStatefulSet')).toEqual([]);
  });
});

describe('an attempt that outlived its time-out', () => {
  it('tracks nothing over what a later attempt has tracked', async () => {
    bed = await initBed();
    attempt = { ...PLAN, target: TO_V1, generation: 1 };
    bed.cluster.requests.before('patchNodeStatus', () => {
      bed.cluster.editStatus(NODE, {
        statefulSet: { name: NODE.name, uid: 'of the later attempt' },
      });
    });
    expect(await pass()).toEqual({ kind: 'again' });
    expect(trackedUid()).toBe('of the later attempt');
  });
});

describe('the StatefulSet of a new node', () => {
  beforeEach(async () => {
    bed = await initBed();
    attempt = { ...PLAN, target: TO_V1, generation: 1 };
  });

  it('is created, controlled by the node, and tracked', async () => {
    expect(await pass()).toMatchObject({ kind: 'applied', statefulSet: { generation: 1 } });
    expect(bed.cluster.statefulSet(NODE)).toMatchObject({
      uid: trackedUid(),
      owner: { kind: 'SeiNode', uid: NODE.uid },
      updateStrategy: 'OnDelete',
      templateImage: V1,
    });
  });

  it('is adopted where there is one that nobody controls and that fits', async () => {
    const unowned = renderedStatefulSet(bed, { metadata: { ownerReferences: [] } });
    const { uid } = bed.cluster.createStatefulSet(unowned);
    expect(await pass()).toMatchObject({ kind: 'applied', statefulSet: { uid } });
    expect(trackedUid()).toBe(uid);
    expect(bed.cluster.statefulSet(NODE)?.owner?.uid).toBe(NODE.uid);
    expect(bed.cluster.events.at(-1)?.reason).toBe('StatefulSetAdopted');
  });

  it('is turned to OnDelete before it is applied where it rolls on its own', async () => {
    bed.cluster.createStatefulSet(leftoverStatefulSet(bed));
    expect(await pass()).toMatchObject({ kind: 'applied' });
    expect(methods().slice(0, 5)).toEqual([
      'getNode',
      'getStatefulSet',
      'getPersistentVolumeClaim',
      'turnToOnDelete',
      'applyStatefulSet',
    ]);
    expect(bed.cluster.statefulSet(NODE)?.updateStrategy).toBe('OnDelete');
  });

  it.each([
    [
      'another controls',
      { metadata: { ownerReferences: [ownerOf('Other', 'x-uid')] } },
      FailureType.ForeignOwner,
    ],
    [
      'does not fit',
      { metadata: { ownerReferences: [] }, spec: { serviceName: 'other' } },
      FailureType.Incompatible,
    ],
    [
      'makes pods side by side',
      { metadata: { ownerReferences: [] }, spec: { podManagementPolicy: 'Parallel' } },
      FailureType.Incompatible,
    ],
    [
      'makes claims of its own',
      {
        metadata: { ownerReferences: [] },
        spec: { volumeClaimTemplates: [{ metadata: { name: 'wal' } }] },
      },
      FailureType.Incompatible,
    ],
  ])('is refused for good, and left alone, where it is one that %s', async (_, parts, type) => {
    bed.cluster.createStatefulSet(renderedStatefulSet(bed, parts));
    const before = bed.cluster.statefulSet(NODE);
    await expect(pass()).rejects.toMatchObject({ type, nonRetryable: true });
    expect(bed.cluster.statefulSet(NODE)).toEqual(before);
    expect(trackedUid()).toBeUndefined();
  });

  it('is waited for while there is one that is being deleted', async () => {
    bed.cluster.createStatefulSet(renderedStatefulSet(bed));
    bed.cluster.deleteStatefulSet(NODE, 'foreground');
    await expect(pass()).rejects.toMatchObject({
      message: 'waiting for StatefulSet n0 to be gone',
      nonRetryable: false,
    });
    bed.cluster.settle();
    expect(await pass()).toMatchObject({ kind: 'applied' });
  });

  it('is waited for while a deleted node of the name has left one behind that is going', async () => {
    const ownerReferences = [ownerOf('SeiNode', 'earlier-uid')];
    bed.cluster.createStatefulSet(renderedStatefulSet(bed, { metadata: { ownerReferences } }));
    bed.cluster.deleteStatefulSet(NODE, 'foreground');
    const failure = await pass().catch((err: unknown) => err);
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ nonRetryable: false });
    bed.cluster.settle();
    expect(await pass()).toMatchObject({ kind: 'applied' });
  });

  it('is the one that was restored with an earlier node as its owner', async () => {
    const ownerReferences = [ownerOf('SeiNode', 'earlier-uid')];
    const restored = renderedStatefulSet(bed, { metadata: { ownerReferences } });
    const { uid } = bed.cluster.createStatefulSet(restored);
    expect(await pass()).toEqual({ kind: 'again' });
    expect(bed.cluster.statefulSet(NODE)?.owners).toMatchObject([{ uid: NODE.uid }]);
    expect(await pass()).toMatchObject({ kind: 'applied', statefulSet: { uid } });
    expect(trackedUid()).toBe(uid);
    expect(bed.cluster.events.at(-1)?.reason).toBe('StatefulSetAdopted');
  });

  it('is not made of a spec that cannot be rendered', async () => {
    bed.cluster.editSpec(NODE, { chainId: 'not a label' });
    await expect(pass()).rejects.toMatchObject({
      type: FailureType.InvalidSpec,
      nonRetryable: true,
    });
    expect(bed.cluster.statefulSet(NODE)).toBeUndefined();
  });
});

function ownerOf(kind: string, uid: string) {
  return { apiVersion: 'sei.io/v1alpha1', kind, name: NODE.name, uid, controller: true };
}
