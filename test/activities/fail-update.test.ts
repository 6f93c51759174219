import { beforeEach, describe, expect, it } from 'vitest';

import type { ConditionType } from '../../domain/node/condition.ts';
import { findCondition } from '../../domain/node/condition.ts';
import { NODE, V1 } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { BEGIN, PLAN, updatingBed } from './activity-bed.ts';

const failure = {
  step: 'replace-pod',
  reason: 'Refused',
  message: 'pods "n0-0" is forbidden',
} as const;

let bed: ActivityBed;

const condition = (type: ConditionType) => findCondition(bed.node.status?.conditions, type);

describe('fail-update', () => {
  beforeEach(async () => {
    bed = await updatingBed();
  });

  it('records step, reason and message, and leaves the node Running', async () => {
    await bed.run('failUpdate', { ...PLAN, failure });
    expect(condition('NodeUpdateInProgress')).toMatchObject({
      status: 'False',
      reason: 'UpdateFailed',
    });
    expect(bed.node.status).toMatchObject({
      phase: 'Running',
      currentImage: V1,
      plan: { phase: 'Failed', lastFailure: { ...failure, at: '2026-01-01T13:00:00.000Z' } },
    });
    expect(bed.cluster.events.at(-1)).toMatchObject({
      type: 'Warning',
      reason: 'UpdateFailed',
      message: 'replace-pod: Refused: pods "n0-0" is forbidden',
    });
  });

  it('keeps the failure readable while the next attempt is under way', async () => {
    await bed.run('failUpdate', { ...PLAN, failure });
    await bed.run('beginUpdate', { ...BEGIN, planId: 'plan-2' });
    expect(condition('NodeUpdateInProgress')).toMatchObject({
      status: 'True',
      reason: 'UpdateStarted',
    });
    expect(bed.node.status?.plan).toMatchObject({ id: 'plan-2', lastFailure: failure });
  });

  it('records no Event where the node is gone', async () => {
    bed.cluster.removeNode(NODE);
    bed.cluster.requests.clear();
    await bed.run('failUpdate', { ...PLAN, failure });
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});
