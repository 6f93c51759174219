import { describe, expect, it } from 'vitest';

import { workOfActivity } from '../../worker/step-of-activity.ts';

describe('workOfActivity', () => {
  it.each([
    ['applyStatefulSet', 'apply-statefulset'],
    ['observeImage', 'observe-image'],
    ['finishUpdate', 'finish-update'],
    ['decideDueWork', 'decide-due-work'],
  ])('calls %s %s', (activity, step) => {
    expect(workOfActivity(activity, [])).toEqual({ step, image: undefined });
  });

  it('calls a task of the sidecar by the name of its step', () => {
    const input = { task: { type: 'discover-peers' }, target: { image: 'sei:v2' } };
    expect(workOfActivity('runSidecarTask', [input])).toEqual({
      step: 'discover-peers',
      image: 'sei:v2',
    });
  });

  it('makes nothing of an input of another shape', () => {
    expect(workOfActivity('markReady', [null]).image).toBeUndefined();
    expect(workOfActivity('markReady', ['text']).image).toBeUndefined();
  });
});
