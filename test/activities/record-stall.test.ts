import { beforeEach, describe, expect, it } from 'vitest';

import type { ConditionType } from '../../domain/node/condition.ts';
import { findCondition } from '../../domain/node/condition.ts';
import { NODE } from '../support/sei-node.ts';
import type { ActivityBed } from './activity-bed.ts';
import { BEGIN, PLAN, updatingBed } from './activity-bed.ts';

let bed: ActivityBed;

const condition = (type: ConditionType) => findCondition(bed.node.status?.conditions, type);

describe('record-stall', () => {
  const trouble = { reason: 'ImagePullBackOff', message: 'manifest unknown' } as const;

  beforeEach(async () => {
    bed = await updatingBed();
  });

  it('says what stalls the node, with one Event', async () => {
    await bed.run('recordStall', { ...PLAN, trouble });
    await bed.run('recordStall', { ...PLAN, trouble });
    expect(condition('Stalled')).toMatchObject({ status: 'True', ...trouble });
    const warnings = bed.cluster.events.filter(({ type }) => type === 'Warning');
    expect(warnings.map(({ message }) => message)).toEqual(['ImagePullBackOff: manifest unknown']);
  });

  it('records one Event, though the stall comes and goes, and its words change', async () => {
    for (const message of ['manifest unknown', 'back-off', 'manifest unknown']) {
      await bed.run('recordStall', { ...PLAN, trouble: { ...trouble, message } });
      await bed.run('recordStall', { ...PLAN, trouble: undefined });
    }
    expect(bed.cluster.events.filter(({ reason }) => reason === 'Stalled')).toHaveLength(1);
  });

  it('records an Event for another image of the same plan that is stuck in the same way', async () => {
    await bed.run('recordStall', { ...PLAN, trouble });
    bed.cluster.editSpec(NODE, { image: 'sei:v3' });
    await bed.run('beginUpdate', BEGIN);
    await bed.run('recordStall', { ...PLAN, trouble });
    expect(bed.cluster.events.filter(({ reason }) => reason === 'Stalled')).toHaveLength(2);
  });

  it('names the cause, and says beside it that the deadline has passed', async () => {
    const exceeded = {
      reason: 'ProgressDeadlineExceeded',
      message: 'not rolled out by 10:00',
    } as const;
    await bed.run('recordStall', { ...PLAN, trouble });
    await bed.run('recordStall', { ...PLAN, trouble, exceeded });
    const message = 'manifest unknown; not rolled out by 10:00';
    expect(condition('Stalled')).toMatchObject({ reason: 'ImagePullBackOff', message });
    await bed.run('recordStall', { ...PLAN, trouble: undefined, exceeded });
    expect(condition('Stalled')).toMatchObject(exceeded);
    const told = bed.cluster.events.filter(({ reason }) => reason === 'Stalled');
    expect(told.map((event) => event.message)).toEqual([
      'ImagePullBackOff: manifest unknown',
      'ProgressDeadlineExceeded: not rolled out by 10:00',
    ]);
  });

  it('ends the stall', async () => {
    await bed.run('recordStall', { ...PLAN, trouble });
    await bed.run('recordStall', { ...PLAN, trouble: undefined });
    expect(condition('Stalled')?.status).toBe('False');
  });

  it('writes no end of a stall that never was', async () => {
    await bed.run('recordStall', { ...PLAN, trouble: undefined });
    expect(condition('Stalled')).toBeUndefined();
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});
