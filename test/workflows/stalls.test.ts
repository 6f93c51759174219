import { describe, expect } from 'vitest';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import { identified } from '../support/identified.ts';
import { BEGUN, fakeActivities, podRunning } from '../support/workflow/fake-activities.ts';
import { workflowTest } from '../support/workflow/workflow-test.ts';

const it = workflowTest;

const TROUBLE = { reason: 'PodTerminating', message: 'in the words of who said it' } as const;
const TASK = { type: 'configure-genesis', retries: 0 } as const;

type Step = 'replacePod' | 'observeImage' | 'runSidecarTask' | 'markReady';

/** A step that is held back at first, and then not any more. */
function heldBack(step: Step, ends: boolean) {
  const known: (string | undefined)[] = [];
  const ids = new Set<string | undefined>();
  const recorded: (string | undefined)[] = [];
  const honest = fakeActivities().activities;
  const overrides: Partial<NodeActivities> = {
    beginInit: async () => ({ ...BEGUN, tasks: [identified(TASK)] }),
    [step]: async (input: Parameters<NodeActivities[Step]>[0]) => {
      known.push(input.known?.reason);
      ids.add('taskId' in input ? input.taskId : undefined);
      if (known.length === 1) return { kind: 'blocked', trouble: TROUBLE };
      if (known.length === 2 && !ends) return { kind: 'unblocked' };
      if (step === 'observeImage') return { kind: 'complete', pod: podRunning(input) };
      return (honest[step] as (given: typeof input) => Promise<unknown>)(input);
    },
    recordStall: async ({ trouble }) => void recorded.push(trouble?.reason),
  };
  return { known, ids, recorded, overrides };
}

describe.each(['replacePod', 'observeImage', 'runSidecarTask', 'markReady'] as const)(
  'a trouble that holds up %s',
  (step) => {
    it('is recorded, and so is its end, while the step goes on', async ({ start }) => {
      const { known, ids, recorded, overrides } = heldBack(step, false);
      const { harness } = await start(overrides);
      await (await harness.observe('nodeInit')).result();
      expect(known).toEqual([undefined, 'PodTerminating', undefined]);
      expect(recorded).toEqual(['PodTerminating', undefined]);
      // The sidecar would run a task twice that it is given under two ids.
      expect(ids.size).toBe(1);
    });
  },
);

it.for(['runSidecarTask', 'markReady'] as const)(
  'the end of %s ends the stall that the sidecar caused',
  async (step, { start }) => {
    const { recorded, overrides } = heldBack(step, true);
    const { harness } = await start(overrides);
    await (await harness.observe('nodeInit')).result();
    expect(recorded).toEqual(['PodTerminating', undefined]);
  },
);

describe('a node whose key is in use', () => {
  it('waits until it is free, shows that meanwhile, and then applies its StatefulSet', async ({
    start,
  }) => {
    const recorded: (string | undefined)[] = [];
    const waits: (string | undefined)[] = [];
    let isFree = false;
    const { fakes, harness } = await start({
      applyStatefulSet: async (input) =>
        isFree ? fakeActivities().activities.applyStatefulSet(input) : { kind: 'mounts-in-use' },
      awaitMounts: async ({ known }) => {
        waits.push(known?.reason);
        if (known === undefined) return { kind: 'blocked', trouble: TROUBLE };
        isFree = true;
        return { kind: 'free' };
      },
      recordStall: async ({ trouble }) => void recorded.push(trouble?.reason),
    });
    await (await harness.observe('nodeInit')).result();
    expect(waits).toEqual([undefined, 'PodTerminating']);
    expect(recorded).toEqual(['PodTerminating', undefined]);
    const { calls } = fakes;
    expect(calls.filter((call) => call === 'applyStatefulSet')).toHaveLength(2);
    expect(calls.lastIndexOf('awaitMounts')).toBeLessThan(calls.lastIndexOf('applyStatefulSet'));
  });
});
