import { describe, expect, it } from 'vitest';

import type { Condition, ConditionUpdate } from '../../../domain/node/condition.ts';
import { findCondition, isConditionTrue, withCondition } from '../../../domain/node/condition.ts';
import { EARLIER, NOW } from '../../support/sei-node.ts';

const ready: Condition = {
  type: 'Ready',
  status: 'False',
  reason: 'Initializing',
  message: 'not yet',
  lastTransitionTime: EARLIER,
  observedGeneration: 1,
};
const foreign: Condition = { ...ready, type: 'SomebodyElses', status: 'True' };
const update: ConditionUpdate = {
  type: 'Ready',
  status: 'False',
  reason: 'UpdateInProgress',
  message: 'now this',
};

describe('withCondition', () => {
  it('says since when the status holds, whatever reason it is given meanwhile', () => {
    const [changed] = withCondition([ready], update, 2, NOW);
    expect(changed).toEqual({ ...update, observedGeneration: 2, lastTransitionTime: EARLIER });
  });

  it('restarts the time when the status changes', () => {
    const [changed] = withCondition([ready], { ...update, status: 'True' }, 2, NOW);
    expect(changed?.lastTransitionTime).toBe(NOW);
  });

  it('adds one that was not there, and leaves the others as they are and where they are', () => {
    expect(withCondition([foreign], update, 1, NOW)).toEqual([
      foreign,
      { ...update, observedGeneration: 1, lastTransitionTime: NOW },
    ]);
    expect(withCondition([ready, foreign], update, 1, NOW)[1]).toBe(foreign);
  });

  it('starts from nothing', () => {
    expect(withCondition(undefined, update, 1, NOW)).toHaveLength(1);
  });

  it('changes nothing of the conditions that it was given', () => {
    const before = Object.freeze([Object.freeze({ ...ready })]);
    withCondition(before, { ...update, status: 'True' }, 2, NOW);
    expect(before).toEqual([ready]);
  });
});

describe('isConditionTrue', () => {
  it.each([
    ['True', true],
    ['False', false],
    ['Unknown', false],
  ] as const)('takes %s for %s', (status, expected) => {
    expect(isConditionTrue([{ ...ready, status }], 'Ready')).toBe(expected);
  });

  it('takes an absent one for false', () => {
    expect(isConditionTrue(undefined, 'Ready')).toBe(false);
    expect(isConditionTrue([ready], 'Paused')).toBe(false);
    expect(findCondition([ready], 'Paused')).toBeUndefined();
  });
});
