import { beforeEach, describe, expect, it } from 'vitest';

import { findCondition } from '../../domain/condition.ts';
import { NODE, seiNode, V1 } from '../support/sei-node.ts';
import { ActivityBed, applied, BEGIN, observed, PLAN, TO_V1 } from './activity-bed.ts';

let bed: ActivityBed;

beforeEach(async () => {
  bed = new ActivityBed();
  bed.cluster.createNode(seiNode());
  await bed.run('beginInit', BEGIN);
  const rollout = await applied(bed, TO_V1);
  bed.cluster.settle();
  await observed(bed, rollout);
});

describe('finish-init', () => {
  it('takes the node to Running on what was observed, with no update due', async () => {
    expect(await bed.run('finishInit', PLAN)).toMatchObject({
      kind: 'finished',
      due: { kind: 'nothing' },
    });
    expect(bed.node.status).toMatchObject({ phase: 'Running', currentImage: V1 });
    expect(findCondition(bed.node.status?.conditions, 'NodeUpdateInProgress')).toBeUndefined();
    expect(bed.cluster.events.map(({ message }) => message)).toEqual([
      'StatefulSet n0 was created',
      'Phase changed from Initializing to Running',
    ]);
  });

  it('says that an update is due when spec has moved on', async () => {
    bed.cluster.editSpec(NODE, { image: 'sei:v9' });
    expect(await bed.run('finishInit', PLAN)).toMatchObject({ due: { kind: 'nodeUpdate' } });
  });

  it('ends where the node is gone', async () => {
    bed.cluster.removeNode(NODE);
    expect(await bed.run('finishInit', PLAN)).toEqual({ kind: 'gone' });
  });
});
