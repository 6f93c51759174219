import { describe, expect, it } from 'vitest';

import type { ObserveImageResult } from '../../activities/contract.ts';
import { BEGUN, fakeActivities, podRunning } from '../support/fake-activities.ts';
import { waits } from '../support/simulation/attempt.ts';
import { simulate } from '../support/simulation/simulate.ts';

const SUGGESTED_EVENTS = 200;
/** Beyond the suggestion: what is under way is cancelled, and its end awaited. */
const MARGIN = 40;

describe('a pod that is held back again and again', () => {
  it('has its run go on under its plan, in histories that stay short, and is said ever more seldom', async () => {
    const plans = new Set<string>();
    let isMended = false;
    const { activities } = fakeActivities({
      beginUpdate: async ({ planId }) => {
        plans.add(planId);
        return { ...BEGUN };
      },
      observeImage: async (input): Promise<ObserveImageResult> => {
        const { patienceMs = 0 } = input;
        for (let passed = 0; !isMended && passed <= patienceMs; passed += 10_000) {
          await waits('10 seconds');
        }
        if (isMended) return { kind: 'complete', pod: podRunning(input) };
        return input.known === undefined
          ? { kind: 'blocked', trouble: { reason: 'ImagePullBackOff', message: 'denied' } }
          : { kind: 'unblocked' };
      },
    });
    await using simulated = await simulate({ activities, suggestedEvents: SUGGESTED_EVENTS });
    simulated.observe('nodeUpdate');
    await simulated.advance('5 days');
    const said = simulated.countOf('recordStall');
    expect(said).toBeGreaterThan(100);
    // A change each ten minutes at most, once it has come to that.
    expect(said).toBeLessThan(5 * 24 * 6 + 20);
    expect(simulated.runs.length).toBeGreaterThan(4);
    for (const run of simulated.runs) expect(run.events).toBeLessThan(SUGGESTED_EVENTS + MARGIN);
    expect(plans.size).toBe(1);
    isMended = true;
    await simulated.runToEnd('1 minute');
    expect(simulated.countOf('finishUpdate')).toBe(1);
  });
});
