import { beforeEach, describe, expect, it } from 'vitest';

import type { ConditionType } from '../../domain/node/condition.ts';
import { findCondition } from '../../domain/node/condition.ts';
import { NODE } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { PLAN, runningBed } from './activity-bed.ts';

let bed: ActivityBed;

beforeEach(async () => {
  bed = await runningBed();
});

const condition = (type: ConditionType) => {
  const found = findCondition(bed.node.status?.conditions, type);
  return found && `${found.status}/${found.reason}`;
};

describe('fail-sync', () => {
  const failure = {
    step: 'apply-statefulset',
    reason: 'InvalidSpec',
    message: 'spec.chainId',
  } as const;

  it('says what stalls the node, with one Event', async () => {
    const before = bed.cluster.events.length;
    await bed.run('failSync', { ...PLAN, failure });
    await bed.run('failSync', { ...PLAN, planId: 'plan-2', failure });
    expect([condition('Stalled'), condition('Ready')]).toEqual([
      'True/InvalidSpec',
      'False/InvalidSpec',
    ]);
    expect(bed.cluster.events.slice(before)).toMatchObject([
      { type: 'Warning', reason: 'InvalidSpec', message: 'apply-statefulset: spec.chainId' },
    ]);
  });

  it('records no Event where the node is gone', async () => {
    bed.cluster.removeNode(NODE);
    bed.cluster.requests.clear();
    await bed.run('failSync', { ...PLAN, failure });
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});
