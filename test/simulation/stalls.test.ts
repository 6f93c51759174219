import { describe, expect, it } from 'vitest';

import type { ObserveImageResult } from '../../activities/contract/rollout.ts';
import type { MarkReadyResult } from '../../activities/contract/sidecar-round.ts';
import { BEGUN, fakeActivities, podRunning } from '../support/workflow/fake-activities.ts';
import { waits } from '../support/workflow/simulation/attempt.ts';
import { simulate } from '../support/workflow/simulation/simulate.ts';

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

describe('a sidecar that answers and fails by turns', () => {
  const TROUBLE = { reason: 'SidecarUnreachable', message: 'connection refused' } as const;

  /** Comes back as the real step does: after 20 s without an answer, and with the first one. */
  function flappingSidecar() {
    const sidecar = { state: 'flaps' as 'flaps' | 'fails' | 'answers' };
    const markReady = async ({ known }: { readonly known: unknown }): Promise<MarkReadyResult> => {
      for (let passed = 0; sidecar.state === 'fails' || passed < 20; passed += 1) {
        if (sidecar.state === 'answers') break;
        await waits('1 second');
        if (passed === 20 && known === undefined) break;
      }
      if (known !== undefined) return { kind: 'unblocked' };
      return sidecar.state === 'answers'
        ? { kind: 'ready' }
        : { kind: 'blocked', trouble: TROUBLE };
    };
    return { sidecar, activities: fakeActivities({ markReady }).activities };
  }

  it('is acted on as soon as it answers, though its trouble is not worth to be said again', async () => {
    const { sidecar, activities } = flappingSidecar();
    await using simulated = await simulate({ activities });
    simulated.observe('nodeInit');
    await simulated.advance('3 hours');
    expect(simulated.countOf('recordStall')).toBeLessThan(50);
    sidecar.state = 'fails';
    await simulated.advance('30 minutes');
    sidecar.state = 'flaps';
    await simulated.advance('25 seconds');
    sidecar.state = 'fails';
    await simulated.advance('1 minute');
    sidecar.state = 'answers';
    await simulated.runToEnd('5 seconds');
  });

  it('is acted on within two of the longest gaps where it has just come back often', async () => {
    const { sidecar, activities } = flappingSidecar();
    await using simulated = await simulate({ activities });
    simulated.observe('nodeInit');
    await simulated.advance('185 minutes');
    sidecar.state = 'answers';
    await simulated.runToEnd('245 seconds');
    expect(simulated.countOf('finishInit')).toBe(1);
  });

  it('has a trouble that stays said once its patience is over, while the step goes on', async () => {
    const { sidecar, activities } = flappingSidecar();
    const said: (string | undefined)[] = [];
    await using simulated = await simulate({
      activities: {
        ...activities,
        recordStall: async ({ trouble }) => void said.push(trouble?.reason),
      },
    });
    simulated.observe('nodeInit');
    await simulated.advance('3 hours');
    sidecar.state = 'fails';
    await simulated.advance('11 minutes');
    const calls = simulated.countOf('markReady');
    expect(said.at(-1)).toBe(TROUBLE.reason);
    await simulated.advance('1 hour');
    expect(simulated.countOf('markReady')).toBe(calls);
  });
});
