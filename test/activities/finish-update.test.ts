import { beforeEach, describe, expect, it } from 'vitest';

import { findCondition } from '../../domain/node/condition.ts';
import { NODE, V2 } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { PLAN, replacedBed, served } from './activity-bed.ts';

let bed: ActivityBed;

beforeEach(async () => {
  const replaced = await replacedBed();
  ({ bed } = replaced);
  bed.cluster.settle();
  await served(bed, replaced.rollout);
  bed.cluster.requests.clear();
});

const inProgress = () => findCondition(bed.node.status?.conditions, 'NodeUpdateInProgress');

describe('finish-update', () => {
  it('completes the update in one request, with an Event', async () => {
    expect(await bed.run('finishUpdate', PLAN)).toEqual({
      kind: 'finished',
      due: { kind: 'nothing', why: 'the node is as its spec wants it' },
    });
    expect(inProgress()).toMatchObject({ status: 'False', reason: 'UpdateComplete' });
    expect(bed.cluster.requests.all.map(({ method }) => method)).toEqual([
      'patchNodeStatus',
      'createEvent',
    ]);
    expect(bed.cluster.events.at(-1)).toMatchObject({
      reason: 'UpdateComplete',
      message: 'the node runs sei:v2',
    });
  });

  it('says that the next update is due when spec has moved on', async () => {
    bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    expect(await bed.run('finishUpdate', PLAN)).toMatchObject({
      due: { kind: 'nodeUpdate', target: { image: 'sei:v3' } },
    });
    expect(bed.node.status?.currentImage).toBe(V2);
  });

  it('says so as well when its cache does not show it yet', async () => {
    bed.cluster.cache.freeze();
    bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    expect(await bed.run('finishUpdate', PLAN)).toMatchObject({ due: { kind: 'nodeUpdate' } });
  });

  it('says nothing of the kind where the sidecar is not ready, and the update stays due', async () => {
    bed.sidecar.restart(bed.cluster.pods(NODE)[0]?.ip ?? '');
    expect(await bed.run('finishUpdate', PLAN)).toMatchObject({ due: { kind: 'nodeUpdate' } });
    expect(inProgress()).toMatchObject({ status: 'True' });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('ends where the node is gone or is another one', async () => {
    const another = { ...PLAN, node: { ...NODE, uid: 'another' } };
    expect(await bed.run('finishUpdate', another)).toEqual({ kind: 'gone' });
    bed.cluster.removeNode(NODE);
    expect(await bed.run('finishUpdate', PLAN)).toEqual({ kind: 'gone' });
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});
