import { describe, expect, it } from 'vitest';

import { UPDATE_STEPS } from '../../../domain/node/step.ts';
import type { StepFailure } from '../../../domain/plan/plan.ts';
import {
  activePlan,
  completedPlan,
  failedPlan,
  withStepsCompleteThrough,
} from '../../../domain/plan/plan.ts';
import { EARLIER, NOW, plan, V1, V2 } from '../../support/sei-node.ts';

const failure: StepFailure = { step: 'observe-image', reason: 'Refused', message: 'no', at: NOW };

const parts = {
  id: 'plan-1',
  workflowId: 'seinode/test/default/n0',
  targetImage: V2,
  steps: UPDATE_STEPS,
  startedAt: EARLIER,
};

describe('activePlan', () => {
  it('has every step before it', () => {
    const made = activePlan({ ...parts, previousImage: V1, lastFailure: undefined });
    expect(made).toEqual(plan());
  });

  it('leaves out what is not known, since status carries no empty fields', () => {
    const made = activePlan({ ...parts, previousImage: undefined, lastFailure: undefined });
    expect(Object.keys(made)).not.toContain('previousImage');
    expect(Object.keys(made)).not.toContain('lastFailure');
  });

  it('keeps the last failure in sight', () => {
    const made = activePlan({ ...parts, previousImage: V1, lastFailure: failure });
    expect(made.lastFailure).toEqual(failure);
  });
});

describe('withStepsCompleteThrough', () => {
  it('completes the step and all before it', () => {
    const { tasks } = withStepsCompleteThrough(plan(), 'replace-pod');
    expect(tasks.map(({ status }) => status)).toEqual([
      'Complete',
      'Complete',
      'Complete',
      'Pending',
      'Pending',
    ]);
  });

  it('never takes back a step that is complete', () => {
    const far = withStepsCompleteThrough(plan(), 'observe-image');
    expect(withStepsCompleteThrough(far, 'apply-service')).toEqual(far);
  });

  it('settles the error of a step that has succeeded after all', () => {
    const failed = failedPlan(plan(), failure);
    expect(withStepsCompleteThrough(failed, 'mark-ready').tasks).not.toContainEqual(
      expect.objectContaining({ error: 'no' }),
    );
  });

  it('changes nothing for a step that the plan does not have', () => {
    expect(withStepsCompleteThrough(plan(), 'take-over')).toEqual(plan());
  });
});

describe('completedPlan', () => {
  it('completes every step and settles the failure before', () => {
    const complete = completedPlan(plan({ lastFailure: failure }));
    expect(complete.phase).toBe('Complete');
    expect(complete.lastFailure).toBeUndefined();
    expect(new Set(complete.tasks.map(({ status }) => status))).toEqual(new Set(['Complete']));
  });
});

describe('failedPlan', () => {
  it('says which step failed, and leaves those after it pending', () => {
    const failed = failedPlan(withStepsCompleteThrough(plan(), 'replace-pod'), failure);
    expect(failed).toMatchObject({ phase: 'Failed', lastFailure: failure });
    expect(failed.tasks.slice(2)).toEqual([
      { type: 'replace-pod', status: 'Complete' },
      { type: 'observe-image', status: 'Failed', error: 'no' },
      { type: 'mark-ready', status: 'Pending' },
    ]);
  });

  it('keeps a failure outside of any step readable', () => {
    const failed = failedPlan(plan(), { ...failure, step: 'begin' });
    expect(failed.lastFailure?.step).toBe('begin');
    expect(failed.tasks).toEqual(plan().tasks);
  });
});
