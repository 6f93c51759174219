import { beforeEach, describe, expect, it } from 'vitest';

import { findCondition } from '../../domain/node/condition.ts';
import { foreignNode, NODE, V1, V2 } from '../support/sei-node.ts';
import { ActivityBed, BEGIN, driftedBed, PLAN, runningBed, TO_V1, TO_V2 } from './activity-bed.ts';

let bed: ActivityBed;

describe('begin-update of a drifted node', () => {
  beforeEach(async () => {
    bed = await driftedBed();
  });

  it('records the beginning in one request, with an Event', async () => {
    expect(await bed.run('beginUpdate', BEGIN)).toEqual({
      kind: 'begun',
      generation: 2,
      target: TO_V2,
      previousImage: V1,
      policy: { deadlineSeconds: 600, autoRollback: false },
    });
    expect(bed.cluster.requests.all.map(({ method }) => method)).toEqual([
      'patchNodeStatus',
      'createEvent',
    ]);
    expect(bed.node.status).toMatchObject({
      observedGeneration: 2,
      plan: { id: 'plan-1', workflowId: BEGIN.workflowId, phase: 'Active', targetImage: V2 },
    });
    expect(findCondition(bed.node.status?.conditions, 'NodeUpdateInProgress')).toMatchObject({
      status: 'True',
      reason: 'UpdateStarted',
    });
    expect(bed.cluster.events.at(-1)).toMatchObject({
      type: 'Normal',
      reason: 'UpdateStarted',
      message: 'update to sei:v2 started: seid sei:v1 -> sei:v2',
    });
  });

  it('hands on what the plan is stalled for, and nothing of another image', async () => {
    const stall = { reason: 'ImagePullBackOff', message: 'denied' } as const;
    await bed.run('beginUpdate', BEGIN);
    await bed.run('recordStall', { ...PLAN, trouble: stall });
    expect(await bed.run('beginUpdate', BEGIN)).toMatchObject({ stall });
    bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    expect(await bed.run('beginUpdate', BEGIN)).toMatchObject({ kind: 'begun', stall: undefined });
  });

  it('writes to nothing but the status and its event', async () => {
    await bed.run('beginUpdate', BEGIN);
    expect(bed.cluster.statefulSet(NODE)?.templateImage).toBe(V1);
  });

  it('aims at what is wanted by now when the cache is behind', async () => {
    bed.cluster.cache.freeze();
    bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    expect(await bed.run('beginUpdate', BEGIN)).toMatchObject({
      kind: 'begun',
      generation: 3,
      target: { image: 'sei:v3' },
    });
  });

  it('decides again when somebody writes in between', async () => {
    bed.cluster.requests.before('patchNodeStatus', () => {
      bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    });
    expect(await bed.run('beginUpdate', BEGIN)).toMatchObject({ target: { image: 'sei:v3' } });
    expect(bed.node.status?.plan?.targetImage).toBe('sei:v3');
  });

  it('goes on under the same plan for a newer target, and keeps what it superseded', async () => {
    await bed.run('beginUpdate', BEGIN);
    bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    await bed.run('beginUpdate', BEGIN);
    expect(bed.node.status).toMatchObject({
      plan: { id: 'plan-1', targetImage: 'sei:v3' },
      history: [{ from: V1, to: V2, outcome: 'Superseded' }],
    });
  });

  it('ends where the node is gone or is another one', async () => {
    const another = { ...BEGIN, node: { ...NODE, uid: 'another' } };
    expect(await bed.run('beginUpdate', another)).toEqual({ kind: 'gone' });
    bed.cluster.removeNode(NODE);
    expect(await bed.run('beginUpdate', BEGIN)).toEqual({ kind: 'gone' });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('begins nothing on a node that is being deleted', async () => {
    bed.cluster.deleteNode(NODE);
    expect(await bed.run('beginUpdate', BEGIN)).toEqual({
      kind: 'not-due',
      due: { kind: 'nodeDelete' },
    });
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});

describe('begin-update of a node that runs its target', () => {
  beforeEach(async () => {
    bed = await runningBed();
  });

  it('writes nothing', async () => {
    expect(await bed.run('beginUpdate', BEGIN)).toMatchObject({
      kind: 'not-due',
      due: { kind: 'nothing' },
    });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('sees a change that its cache does not show yet', async () => {
    bed.cluster.cache.freeze();
    bed.cluster.editSpec(NODE, { image: V2 });
    expect(await bed.run('beginUpdate', BEGIN)).toMatchObject({ kind: 'begun', target: TO_V2 });
  });

  it('sees a pod of another image that its cache does not show yet', async () => {
    bed.cluster.cache.freeze('pod');
    rollByHand(bed, V2);
    expect(await bed.run('beginUpdate', BEGIN)).toMatchObject({ kind: 'begun', target: TO_V1 });
  });

  it('begins nothing because of a pod that only its cache still shows', async () => {
    rollByHand(bed, V2);
    bed.cluster.cache.freeze('pod');
    rollByHand(bed, V1);
    expect(await bed.run('beginUpdate', BEGIN)).toMatchObject({ kind: 'not-due' });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('begins nothing when node and pods of its cache are from before an update', async () => {
    bed.cluster.editSpec(NODE, { image: V2 });
    bed.cluster.cache.freeze();
    bed.cluster.editStatus(NODE, { currentImage: V2 });
    rollByHand(bed, V2);
    expect(await bed.run('beginUpdate', BEGIN)).toMatchObject({ kind: 'not-due' });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('leaves the node to its take-over where another operator ran it', async () => {
    bed = new ActivityBed();
    bed.cluster.createNode(foreignNode({ spec: { image: V2 } }));
    expect(await bed.run('beginUpdate', BEGIN)).toMatchObject({
      kind: 'not-due',
      due: { kind: 'nodeInit' },
    });
  });
});

/** Somebody changes the image of the StatefulSet and deletes the pod. */
function rollByHand({ cluster }: ActivityBed, image: string): void {
  cluster.setImage(NODE, image);
  for (const { namespace, name } of cluster.pods(NODE)) cluster.deletePod({ namespace, name });
  cluster.settle();
}
