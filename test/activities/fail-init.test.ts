import { beforeEach, describe, expect, it } from 'vitest';

import type { ConditionType } from '../../domain/node/condition.ts';
import { findCondition } from '../../domain/node/condition.ts';
import { NODE, seiNode } from '../support/sei-node.ts';
import { ActivityBed, BEGIN, PLAN } from './activity-bed.ts';

const failure = {
  step: 'replace-pod',
  reason: 'Refused',
  message: 'pods "n0-0" is forbidden',
} as const;

let bed: ActivityBed;

const condition = (type: ConditionType) => findCondition(bed.node.status?.conditions, type);

describe('fail-init', () => {
  beforeEach(async () => {
    bed = new ActivityBed();
    bed.cluster.createNode(seiNode());
    await bed.run('beginInit', BEGIN);
  });

  it('shows what the node waits for, in its own words', async () => {
    await bed.run('failInit', { ...PLAN, failure, generation: 1 });
    expect(condition('Stalled')).toMatchObject({
      status: 'True',
      reason: 'Refused',
      message: 'replace-pod: pods "n0-0" is forbidden',
    });
    expect(bed.node.status?.phase).toBe('Initializing');
    expect(bed.cluster.events.at(-1)).toMatchObject({ type: 'Warning', reason: 'Refused' });
  });

  it('is of the spec as it is where the attempt failed to begin', async () => {
    bed.cluster.editSpec(NODE, { image: 'sei:v2' });
    await bed.run('failInit', { ...PLAN, failure: { ...failure, step: 'begin' } });
    expect(condition('Stalled')).toMatchObject({ observedGeneration: 2 });
  });

  it('records no Event where the node is gone', async () => {
    bed.cluster.removeNode(NODE);
    bed.cluster.requests.clear();
    await bed.run('failInit', { ...PLAN, failure, generation: 1 });
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});
