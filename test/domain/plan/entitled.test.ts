import { describe, expect, it } from 'vitest';

import type { Phase, Plan, PlanTask } from '../../../domain/node/sei-node-status.ts';
import { INIT_STEPS, TAKE_OVER_STEPS, UPDATE_STEPS } from '../../../domain/node/step.ts';
import {
  isBroughtUp,
  isRolledOut,
  mayBeLetThrough,
  planUnderWay,
  taskToRun,
} from '../../../domain/plan/entitled.ts';
import { plan, seiNode, V1, V2 } from '../../support/sei-node.ts';

const RESTORE = { type: 'snapshot-restore', id: 'restore', status: 'Complete' } as const;
const CONFIG = { type: 'config-apply', id: 'config', status: 'Pending' } as const;
const DONE = { ...CONFIG, status: 'Complete' } as const;

function pending(types: readonly string[]): readonly PlanTask[] {
  return types.map((type) => ({ type, status: 'Pending' }));
}

function withPlan(parts: Partial<Plan>, phase: Phase = 'Initializing', currentImage = V1) {
  return seiNode({ status: { phase, currentImage, plan: plan(parts) } });
}

function bringUp(...tasks: readonly PlanTask[]) {
  return { tasks: [...pending(INIT_STEPS), ...tasks] };
}

describe('planUnderWay', () => {
  it('is the active plan of that id alone', () => {
    expect(planUnderWay(withPlan({}), 'plan-1')).toBeDefined();
    expect(planUnderWay(withPlan({}), 'another')).toBeUndefined();
    expect(planUnderWay(withPlan({ phase: 'Complete' }), 'plan-1')).toBeUndefined();
    expect(planUnderWay(seiNode(), 'plan-1')).toBeUndefined();
  });
});

describe('taskToRun', () => {
  const node = withPlan(bringUp(RESTORE, CONFIG));

  it('is what the plan has of that type and id', () => {
    const asked = { type: 'config-apply', id: 'config' } as const;
    expect(taskToRun(node, 'plan-1', asked)).toEqual(CONFIG);
    expect(taskToRun(node, 'another', asked)).toBeUndefined();
    expect(taskToRun(node, 'plan-1', { ...asked, id: 'another' })).toBeUndefined();
    expect(taskToRun(node, 'plan-1', { ...asked, type: 'config-validate' })).toBeUndefined();
  });

  it('is none before all that come first are done', () => {
    const early = withPlan(bringUp({ ...RESTORE, status: 'Pending' }, CONFIG));
    expect(taskToRun(early, 'plan-1', { type: 'config-apply', id: 'config' })).toBeUndefined();
  });
});

describe('mayBeLetThrough', () => {
  it.each([
    ['a node that is Running', withPlan({ tasks: pending(UPDATE_STEPS) }, 'Running'), true],
    ['a bring-up that is done but for this', withPlan(bringUp(RESTORE, DONE)), true],
    ['a bring-up with a task left', withPlan(bringUp(RESTORE, CONFIG)), false],
    ['a bring-up without a task', withPlan(bringUp()), false],
    ['one whose bring-up has failed', withPlan(bringUp(RESTORE, DONE), 'Failed'), false],
    ['one that is going', withPlan(bringUp(RESTORE, DONE), 'Terminating'), false],
    ['one that is taken over', withPlan({ tasks: pending(TAKE_OVER_STEPS) }, 'Pending'), true],
    ['one that is new', seiNode(), false],
  ])('says of %s: %s', (_, node, expected) => {
    expect(mayBeLetThrough(node)).toBe(expected);
  });
});

describe('isRolledOut', () => {
  const update = { tasks: pending(UPDATE_STEPS), targetImage: V2 };

  it('asks for an update under way whose image was seen', () => {
    expect(isRolledOut(withPlan(update, 'Running', V2), 'plan-1')).toBe(true);
    expect(isRolledOut(withPlan(update, 'Running', V1), 'plan-1')).toBe(false);
    expect(isRolledOut(withPlan(update, 'Running', V2), 'another')).toBe(false);
    expect(isRolledOut(withPlan(bringUp(DONE), 'Initializing', V2), 'plan-1')).toBe(false);
  });
});

describe('isBroughtUp', () => {
  it('asks for a bring-up under way whose tasks are done', () => {
    expect(isBroughtUp(withPlan(bringUp(RESTORE, DONE)), 'plan-1')).toBe(true);
    expect(isBroughtUp(withPlan(bringUp(RESTORE, CONFIG)), 'plan-1')).toBe(false);
    expect(isBroughtUp(withPlan({ tasks: pending(UPDATE_STEPS) }, 'Running'), 'plan-1')).toBe(
      false,
    );
    expect(isBroughtUp(withPlan({ tasks: pending(TAKE_OVER_STEPS) }), 'plan-1')).toBe(false);
  });
});
