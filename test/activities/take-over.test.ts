import { describe, expect, it } from 'vitest';

import { findCondition } from '../../domain/node/condition.ts';
import { EARLIER, foreignNode, NODE, SIDECAR, V1, V2 } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { applied, BEGIN, foreignBed, PLAN, runningBed, TO_V1, TO_V2 } from './activity-bed.ts';

const updating = {
  type: 'NodeUpdateInProgress',
  status: 'True',
  reason: 'UpdateStarted',
  message: 'image drift detected: spec=sei:v1 current=',
  lastTransitionTime: EARLIER,
} as const;

let bed: ActivityBed;

const takeOver = (target = TO_V1) =>
  bed.run('takeOver', { ...PLAN, target, generation: bed.node.metadata.generation });

describe('take-over', () => {
  it('records what the pod runs, and does not touch the pod', async () => {
    bed = await foreignBed({ currentSidecarImage: 'never-ran' });
    const pods = bed.cluster.pods(NODE);
    expect(await takeOver()).toMatchObject({ kind: 'finished', due: { kind: 'nothing' } });
    expect(bed.cluster.pods(NODE)).toEqual(pods);
    expect(bed.node.status).toMatchObject({
      observedGeneration: 1,
      currentImage: V1,
      currentSidecarImage: SIDECAR,
      plan: { phase: 'Complete' },
    });
    expect(bed.cluster.events.at(-1)?.reason).toBe('StatefulSetAdopted');
  });

  it('touches no pod when its objects are applied around it either', async () => {
    bed = await foreignBed({});
    await applied(bed, TO_V1);
    bed.cluster.settle();
    await takeOver();
    expect(bed.cluster.requests.of('deletePod')).toEqual([]);
    expect(await bed.run('decideDueWork', { node: NODE, told: 'nodeUpdate' })).toMatchObject({
      kind: 'nothing',
    });
  });

  it('does not roll a pod whose image admission has rewritten, also where it was cut off', async () => {
    const mirrored = `mirror.example.com/${V1}`;
    bed = await foreignBed({}, V1, mirrored);
    await applied(bed, TO_V1);
    bed.cluster.settle();
    await bed.run('beginInit', BEGIN);
    expect(await takeOver()).toMatchObject({ kind: 'finished', due: { kind: 'nothing' } });
    expect(bed.node.status).toMatchObject({ currentImage: V1, pod: { image: mirrored } });
  });

  it('settles the update that the other left half done', async () => {
    bed = await foreignBed({ conditions: [updating] });
    await takeOver();
    expect(findCondition(bed.node.status?.conditions, 'NodeUpdateInProgress')).toMatchObject({
      status: 'False',
      reason: 'UpdateComplete',
    });
  });

  it('has the gate opened first where it is closed', async () => {
    bed = await foreignBed({ conditions: [updating] });
    bed.sidecar.restart(bed.cluster.pods(NODE)[0]?.ip ?? '');
    expect(await takeOver()).toMatchObject({ due: { kind: 'nodeUpdate' } });
    expect(findCondition(bed.node.status?.conditions, 'Ready')?.status).toBe('False');
    bed = await foreignBed();
    bed.sidecar.restart(bed.cluster.pods(NODE)[0]?.ip ?? '');
    expect(await takeOver()).toMatchObject({
      due: { kind: 'nodeSync', needs: [{ kind: 'mark-ready' }] },
    });
  });

  it('claims no image that the pod does not run, and says that an update is due', async () => {
    // The original copies spec.image to currentImage without looking at the pod.
    bed = await foreignBed({ currentImage: V2, conditions: [updating] }, V2);
    expect(await takeOver(TO_V2)).toMatchObject({ due: { kind: 'nodeUpdate', target: TO_V2 } });
    expect(bed.node.status?.currentImage).toBe(V1);
    expect(findCondition(bed.node.status?.conditions, 'NodeUpdateInProgress')?.status).toBe('True');
  });

  it('claims no image where no pod has started', async () => {
    bed = await foreignBed({ currentImage: V2 });
    bed.cluster.deletePod({ namespace: NODE.namespace, name: 'n0-0' });
    bed.cluster.kubelet.endPods();
    await takeOver();
    expect(bed.node.status).not.toHaveProperty('currentImage');
  });

  it('takes the image from the live pod, not from what its cache shows', async () => {
    bed = await foreignBed({});
    bed.cluster.cache.freeze('pod');
    bed.cluster.setImage(NODE, 'sei:v0');
    bed.cluster.deletePod({ namespace: NODE.namespace, name: 'n0-0' });
    bed.cluster.settle();
    await takeOver();
    expect(bed.node.status?.currentImage).toBe('sei:v0');
  });

  it('ends where the node is gone', async () => {
    bed = await foreignBed({});
    const { generation } = bed.node.metadata;
    bed.cluster.removeNode(NODE);
    expect(await bed.run('takeOver', { ...PLAN, target: TO_V1, generation })).toEqual({
      kind: 'gone',
    });
  });
});

describe('a node that another operator runs', () => {
  it('is taken over after a hold, too', async () => {
    bed = await runningBed();
    bed.cluster.removeNode(NODE);
    bed.cluster.createNode(foreignNode());
    const steer = (kind: 'pause' | 'resume') =>
      bed.run('steer', { ...PLAN, command: { kind, actor: 'a', reason: 'r' }, by: 'somebody' });
    const due = () => bed.run('decideDueWork', { node: NODE, told: 'nodeSync' });
    await steer('pause');
    bed.cluster.editSpec(NODE, { podLabels: { a: 'b' } });
    expect(await due()).toMatchObject({ kind: 'held' });
    await steer('resume');
    expect(await due()).toMatchObject({ kind: 'nodeInit' });
  });
});
