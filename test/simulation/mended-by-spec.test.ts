import { describe, expect, it } from 'vitest';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import { BEGUN, fakeActivities, podRunning, TARGET } from '../support/workflow/fake-activities.ts';
import { untilCancelled } from '../support/workflow/simulation/attempt.ts';
import { simulate } from '../support/workflow/simulation/simulate.ts';

const TROUBLE = {
  reason: 'PodRefused',
  message: 'maximum memory usage per Container is 1Gi',
} as const;

/** A spec whose images stay the same, and whose newer generation the API server takes. */
function specs() {
  let generation = 2;
  let applied = 0;
  const isRefused = () => applied < 3;
  const blocked = async (known: unknown) =>
    known === undefined ? ({ kind: 'blocked', trouble: TROUBLE } as const) : untilCancelled();
  const activities: Partial<NodeActivities> = {
    beginUpdate: async () => ({ ...BEGUN, generation }),
    beginSync: async () => ({
      ...BEGUN,
      generation,
      applies: true,
      marksReady: true,
      sidecar: undefined,
    }),
    readTarget: async () => ({ generation, target: TARGET }),
    applyStatefulSet: async (input) => {
      applied = input.generation;
      return { kind: 'applied', statefulSet: { uid: 'sts-uid', generation: applied } };
    },
  };
  return {
    activities,
    isRefused,
    blocked,
    mend: () => {
      generation = 3;
      return { generation };
    },
  };
}

describe('work that is held back', () => {
  it.each(['nodeUpdate', 'nodeSync'] as const)(
    'goes on at once in a %s whose pod is refused, when the spec is mended',
    async (kind) => {
      const { activities, isRefused, blocked, mend } = specs();
      const fakes = fakeActivities({
        ...activities,
        observeImage: async (input) =>
          isRefused() ? blocked(input.known) : { kind: 'complete', pod: podRunning(input) },
      });
      await using simulated = await simulate({ activities: fakes.activities });
      simulated.observe(kind);
      await simulated.advance('1 minute');
      expect(simulated.countOf('recordStall')).toBe(1);
      simulated.observe(kind, mend());
      await simulated.advance('5 seconds');
      expect(simulated.run.end).toEqual({ kind: 'completed' });
    },
  );

  it('goes on where the pod that is there stays, because the next would be refused', async () => {
    const { activities, isRefused, blocked, mend } = specs();
    const plans = new Set<string>();
    const fakes = fakeActivities({
      ...activities,
      replacePod: async ({ known, planId }) => {
        plans.add(planId);
        return isRefused() ? blocked(known) : { kind: 'replaced', pods: ['n0-0'] };
      },
    });
    await using simulated = await simulate({ activities: fakes.activities });
    simulated.observe('nodeUpdate');
    await simulated.advance('1 minute');
    simulated.observe('nodeUpdate', mend());
    await simulated.advance('5 seconds');
    expect(simulated.run.end).toEqual({ kind: 'completed' });
    expect(plans.size).toBe(1);
  });

  it('is not disturbed by a newer spec while nothing holds it back', async () => {
    const { activities, mend } = specs();
    const fakes = fakeActivities({ ...activities, observeImage: () => untilCancelled() });
    await using simulated = await simulate({ activities: fakes.activities });
    simulated.observe('nodeUpdate');
    await simulated.advance('1 minute');
    simulated.observe('nodeUpdate', mend());
    await simulated.advance('1 minute');
    expect(simulated.countOf('beginUpdate')).toBe(1);
    expect(simulated.countOf('observeImage')).toBe(1);
  });
});
