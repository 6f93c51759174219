import { beforeEach, describe, expect, it } from 'vitest';

import { NODE, V2 } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { runningBed, TO_V2 } from './activity-bed.ts';

const ANOTHER = { ...NODE, uid: 'another' };

let bed: ActivityBed;

beforeEach(async () => {
  bed = await runningBed();
});

describe('decide-due-work', () => {
  it('says that nothing is due for a node that runs its target', async () => {
    expect(await bed.run('decideDueWork', { node: NODE, told: 'nodeUpdate' })).toMatchObject({
      kind: 'nothing',
    });
  });

  it('never says so because its cache is behind', async () => {
    bed.cluster.cache.freeze();
    bed.cluster.editSpec(NODE, { image: V2 });
    expect(await bed.run('decideDueWork', { node: NODE, told: 'nodeUpdate' })).toMatchObject({
      kind: 'nodeUpdate',
      target: TO_V2,
    });
  });

  it('never says so because its cache does not show the pod of another image', async () => {
    bed.cluster.cache.freeze('pod');
    bed.cluster.setImage(NODE, V2);
    bed.cluster.deletePod({ namespace: NODE.namespace, name: 'n0-0' });
    bed.cluster.settle();
    expect(await bed.run('decideDueWork', { node: NODE, told: 'nodeUpdate' })).toMatchObject({
      kind: 'nodeUpdate',
      drifts: [{ kind: 'pod-image' }],
    });
  });

  it('sees no drift in a pod that only its cache still shows', async () => {
    bed.cluster.editSpec(NODE, { image: V2 });
    bed.cluster.cache.freeze();
    bed.cluster.editStatus(NODE, { currentImage: V2, observedGeneration: 2, conditions: [] });
    bed.cluster.setImage(NODE, V2);
    bed.cluster.deletePod({ namespace: NODE.namespace, name: 'n0-0' });
    bed.cluster.settle();
    expect(await bed.run('decideDueWork', { node: NODE, told: 'nodeUpdate' })).toMatchObject({
      kind: 'nothing',
    });
  });

  it('says that a node is gone', async () => {
    bed.cluster.removeNode(NODE);
    expect(await bed.run('decideDueWork', { node: NODE, told: 'nodeUpdate' })).toEqual({
      kind: 'gone',
    });
  });

  it('says that a node is being deleted, though its cache does not show it yet', async () => {
    bed.cluster.cache.freeze();
    bed.cluster.deleteNode(NODE);
    expect(await bed.run('decideDueWork', { node: NODE, told: 'nodeUpdate' })).toEqual({
      kind: 'nodeDelete',
    });
  });

  it.each(['missing', 'edited'])(
    'finds an object that is %s where it was told of one',
    async (how) => {
      if (how === 'missing') bed.cluster.deleteStatefulSet(NODE);
      else bed.cluster.editStatefulSet(NODE, { replicas: 3 });
      expect(await bed.run('decideDueWork', { node: NODE, told: 'nodeSync' })).toMatchObject({
        kind: 'nodeSync',
        needs: [{ object: 'StatefulSet' }],
      });
      expect(await bed.run('decideDueWork', { node: NODE, told: 'nodeUpdate' })).toMatchObject({
        kind: 'nothing',
      });
    },
  );

  it('takes another node of the name for gone, and names it', async () => {
    expect(await bed.run('decideDueWork', { node: ANOTHER, told: 'nodeUpdate' })).toEqual({
      kind: 'gone',
      successor: NODE,
    });
  });
});
