import { beforeEach, describe, expect, it } from 'vitest';

import { findCondition } from '../../domain/node/condition.ts';
import { NODE, seiNode, V1 } from '../support/sei-node.ts';
import { ActivityBed, applied, BEGIN, PLAN, served, TO_V1 } from './activity-bed.ts';

const FINISH = { ...PLAN, generation: 1 };

let bed: ActivityBed;

beforeEach(async () => {
  bed = new ActivityBed();
  bed.cluster.createNode(seiNode());
  await bed.run('beginInit', BEGIN);
  const rollout = await applied(bed, TO_V1);
  bed.cluster.settle();
  await served(bed, rollout);
});

describe('finish-init', () => {
  it('takes the node to Running on what was observed, with no update due', async () => {
    expect(await bed.run('finishInit', FINISH)).toMatchObject({
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

  it('does not say that a spec was brought up that has moved on meanwhile', async () => {
    bed.cluster.editSpec(NODE, { overrides: { 'evm.http_port': '1' } });
    expect(await bed.run('finishInit', FINISH)).toEqual({ kind: 'superseded' });
    expect(bed.node.status).toMatchObject({ phase: 'Initializing', plan: { phase: 'Active' } });
  });

  it('finds it done when only its answer was lost, although spec has moved on since', async () => {
    await bed.run('finishInit', FINISH);
    bed.cluster.editSpec(NODE, { image: 'sei:v9' });
    expect(await bed.run('finishInit', FINISH)).toMatchObject({ due: { kind: 'nodeUpdate' } });
  });

  it('does not say so of a node whose sidecar has restarted, or whose pod is gone', async () => {
    bed.sidecar.restart(bed.cluster.pods(NODE)[0]?.ip ?? '');
    expect(await bed.run('finishInit', FINISH)).toEqual({ kind: 'superseded' });
    bed.cluster.removePod({ namespace: NODE.namespace, name: 'n0-0' });
    expect(await bed.run('finishInit', FINISH)).toEqual({ kind: 'superseded' });
    expect(bed.node.status).toMatchObject({ phase: 'Initializing', plan: { phase: 'Active' } });
  });

  it('ends where the node is gone', async () => {
    bed.cluster.removeNode(NODE);
    expect(await bed.run('finishInit', FINISH)).toEqual({ kind: 'gone' });
  });
});
