import { beforeEach, describe, expect, it } from 'vitest';

import type { AttemptInput } from '../../activities/contract/plan.ts';
import { NODE, V2 } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { PLAN, TO_V2, updatingBed } from './activity-bed.ts';
import { renderedStatefulSet } from './rendered-stateful-set.ts';

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
      statefulSet: {
        uid: before?.uid,
        generation: 2,
        template: { image: V2, sidecarImage: TO_V2.sidecarImage },
      },
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

  it('follows the identity that status names by now, not the one that its cache shows', async () => {
    bed.cluster.cache.freeze('node');
    bed.cluster.deleteStatefulSet(NODE);
    const { name, uid } = bed.cluster.createStatefulSet(renderedStatefulSet(bed));
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

  it('reads live where its cache does not show the plan under way', async () => {
    const planId = 'of-a-sync';
    expect(await bed.run('applyStatefulSet', { ...attempt, planId })).toMatchObject({
      kind: 'applied',
    });
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
    // Only a live read can show that a cache is not behind.
    expect(methods()).toEqual(['getNode']);
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
