import { beforeEach, describe, expect, it } from 'vitest';

import type { ConditionType } from '../../domain/condition.ts';
import { findCondition } from '../../domain/condition.ts';
import { NODE, seiNode, V1 } from '../support/sei-node.ts';
import { ActivityBed, BEGIN, PLAN, updatingBed } from './activity-bed.ts';

const failure = { step: 'replace-pod', reason: 'Refused', message: 'pods "n0-0" is forbidden' };

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

  it('tells of nothing where the node is gone', async () => {
    bed.cluster.deleteNode(NODE);
    bed.cluster.requests.clear();
    await bed.run('failUpdate', { ...PLAN, failure });
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});

describe('fail-init', () => {
  beforeEach(async () => {
    bed = new ActivityBed();
    bed.cluster.createNode(seiNode());
    await bed.run('beginInit', BEGIN);
  });

  it('shows what the node waits for, in its own words', async () => {
    await bed.run('failInit', { ...PLAN, failure });
    expect(condition('Stalled')).toMatchObject({
      status: 'True',
      reason: 'Refused',
      message: 'replace-pod: pods "n0-0" is forbidden',
    });
    expect(bed.node.status?.phase).toBe('Initializing');
    expect(bed.cluster.events.at(-1)).toMatchObject({ type: 'Warning', reason: 'Refused' });
  });

  it('tells of nothing where the node is gone', async () => {
    bed.cluster.deleteNode(NODE);
    bed.cluster.requests.clear();
    await bed.run('failInit', { ...PLAN, failure });
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});

describe('record-stall', () => {
  const trouble = { reason: 'ImagePullBackOff', message: 'manifest unknown' };

  beforeEach(async () => {
    bed = await updatingBed();
  });

  it('says what holds the node back, and tells of it once', async () => {
    await bed.run('recordStall', { ...PLAN, trouble });
    await bed.run('recordStall', { ...PLAN, trouble });
    expect(condition('Stalled')).toMatchObject({ status: 'True', ...trouble });
    const warnings = bed.cluster.events.filter(({ type }) => type === 'Warning');
    expect(warnings.map(({ message }) => message)).toEqual(['ImagePullBackOff: manifest unknown']);
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
