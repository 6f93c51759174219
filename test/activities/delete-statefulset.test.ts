import { beforeEach, describe, expect, it } from 'vitest';

import { FINALIZER } from '../../domain/node/sei-node.ts';
import { NODE } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { PLAN, runningBed } from './activity-bed.ts';
import { deletedBed } from './delete-scenarios.ts';
import { renderedStatefulSet } from './rendered-stateful-set.ts';

let bed: ActivityBed;

beforeEach(async () => {
  bed = await deletedBed();
});

const step = () => bed.run('deleteStatefulSet', PLAN);

describe('delete-statefulset', () => {
  it('deletes nothing of a node that nobody has deleted', async () => {
    bed = await runningBed();
    await step();
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it("deletes the node's StatefulSet, and its pod follows", async () => {
    await step();
    bed.cluster.settle();
    expect(bed.cluster.statefulSet(NODE)).toBeUndefined();
    expect(bed.cluster.pods(NODE)).toEqual([]);
  });

  it('deletes it though spec cannot be rendered any more', async () => {
    bed.cluster.editSpec(NODE, { chainId: 'not a label' });
    await step();
    expect(bed.cluster.statefulSet(NODE)).toBeUndefined();
  });

  it.each([
    ['another controls', [{ ...owner('Other'), uid: 'x' }]],
    ['another node of the name controls', [{ ...owner('SeiNode'), uid: 'later' }]],
  ])('leaves one alone that %s', async (_, ownerReferences) => {
    bed.cluster.deleteStatefulSet(NODE);
    bed.cluster.createStatefulSet(renderedStatefulSet(bed, { metadata: { ownerReferences } }));
    await step();
    expect(bed.cluster.statefulSet(NODE)).toBeDefined();
    expect(bed.cluster.requests.of('deleteStatefulSet')).toEqual([]);
  });

  it('leaves it where the deletion asks for it to stay, or its node is another one by now', async () => {
    bed.cluster.setFinalizers(NODE, [FINALIZER, 'orphan']);
    await step();
    bed.cluster.removeNode(NODE);
    await step();
    expect(bed.cluster.requests.of('deleteStatefulSet')).toEqual([]);
  });

  it('deletes the one that somebody has taken its owner off, unless all have lost theirs', async () => {
    bed.cluster.disownStatefulSet(NODE);
    bed.cluster.disown('services', NODE);
    await step();
    expect(bed.cluster.statefulSet(NODE)).toBeDefined();
    bed = await deletedBed();
    bed.cluster.disownStatefulSet(NODE);
    await step();
    expect(bed.cluster.statefulSet(NODE)).toBeUndefined();
  });

  it('deletes none a second time that is still leaving', async () => {
    bed.cluster.deleteStatefulSet(NODE, 'foreground');
    await step();
    expect(bed.cluster.requests.of('deleteStatefulSet')).toEqual([]);
  });

  it('tries again, and deletes nothing else, where another one takes its place meanwhile', async () => {
    bed.cluster.requests.before('deleteStatefulSet', () => {
      bed.cluster.deleteStatefulSet(NODE);
      bed.cluster.createStatefulSet(renderedStatefulSet(bed));
    });
    await expect(step()).rejects.toMatchObject({ type: 'conflict', nonRetryable: false });
    expect(bed.cluster.statefulSet(NODE)).toBeDefined();
  });
});

function owner(kind: string) {
  return { apiVersion: 'sei.io/v1alpha1', kind, name: NODE.name, controller: true };
}
