import { describe, expect, it } from 'vitest';

import { advanced, unstartedClock } from '../../../cli/node/step-clock.ts';
import type { Plan } from '../../../domain/node/sei-node-status.ts';
import { EARLIER, plan } from '../../support/sei-node.ts';

const BEGAN = Date.parse(EARLIER);

/** Returns the plan with so many of its steps done. */
function done(count: number, parts: Partial<Plan> = {}): Plan {
  const { tasks, ...rest } = plan(parts);
  return {
    ...rest,
    tasks: tasks.map(({ type }, index) => ({
      type,
      status: index < count ? 'Complete' : 'Pending',
    })),
  };
}

describe('the clock of the steps', () => {
  it('begins each step where the one before it ended', () => {
    const begun = advanced(unstartedClock, done(0), BEGAN + 10);
    const later = advanced(begun, done(1), BEGAN + 500);
    const end = advanced(later, done(2), BEGAN + 800);
    expect(end.steps.get('apply-statefulset')).toEqual({ beganMs: BEGAN, endedMs: BEGAN + 500 });
    expect(end.steps.get('apply-service')).toEqual({ beganMs: BEGAN + 500, endedMs: BEGAN + 800 });
    expect(end.steps.get('replace-pod')).toEqual({ beganMs: BEGAN + 800, endedMs: undefined });
    expect(end.steps.get('mark-ready')).toEqual({ beganMs: undefined, endedMs: undefined });
  });

  it('does not make up times from before anybody looked', () => {
    const first = advanced(unstartedClock, done(3), BEGAN + 500);
    const second = advanced(first, done(3), BEGAN + 600);
    const unseen = { beganMs: undefined, endedMs: undefined };
    expect([...second.steps.values()]).toEqual([unseen, unseen, unseen, unseen, unseen]);
    const third = advanced(second, done(4), BEGAN + 700);
    expect(third.steps.get('observe-image')).toEqual(unseen);
    expect(third.steps.get('mark-ready')).toEqual({ beganMs: BEGAN + 700, endedMs: undefined });
  });

  it('knows nothing of steps that were done between two looks', () => {
    const begun = advanced(unstartedClock, done(0), BEGAN + 10);
    const { steps } = advanced(begun, done(3), BEGAN + 500);
    expect(steps.get('apply-statefulset')).toEqual({ beganMs: BEGAN, endedMs: BEGAN + 500 });
    expect(steps.get('apply-service')).toEqual({ beganMs: undefined, endedMs: undefined });
    expect(steps.get('observe-image')).toEqual({ beganMs: BEGAN + 500, endedMs: undefined });
  });

  it('begins again with another plan', () => {
    const first = advanced(advanced(unstartedClock, done(0), BEGAN), done(1), BEGAN + 500);
    const second = advanced(first, done(0, { id: 'plan-2' }), BEGAN + 900);
    expect(second.steps.get('apply-service')).toEqual({ beganMs: undefined, endedMs: undefined });
  });

  it('stops with the plan', () => {
    const begun = advanced(unstartedClock, done(3), BEGAN);
    const watched = advanced(begun, done(4), BEGAN + 100);
    const complete = advanced(watched, done(5, { phase: 'Complete' }), BEGAN + 300);
    const later = advanced(complete, done(5, { phase: 'Complete' }), BEGAN + 9_000);
    expect(later.steps.get('mark-ready')).toEqual({ beganMs: BEGAN + 100, endedMs: BEGAN + 300 });
  });
});
