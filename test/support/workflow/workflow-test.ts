import { test } from 'vitest';

import type { NodeActivities } from '../../../activities/contract/activities.ts';
import type { FakeActivities } from './fake-activities.ts';
import { fakeActivities } from './fake-activities.ts';
import type { SharedTemporal } from './temporal.ts';
import { sharedTemporal } from './temporal.ts';
import type { WorkflowHarness } from './workflow-harness.ts';
import { workflowHarness } from './workflow-harness.ts';

/** Starts the workers of a test, over activities that succeed at once but for those that it scripts. */
export type StartWorkers = (overrides?: Partial<NodeActivities>) => Promise<StartedWorkers>;

interface StartedWorkers {
  readonly fakes: FakeActivities;
  readonly harness: WorkflowHarness;
}

/** Makes tests of workflows; each starts workers of its own, once, which end with it. */
export const workflowTest = test
  .extend('temporal', { scope: 'file' }, (): SharedTemporal => sharedTemporal())
  .extend('start', ({ temporal }, { onCleanup }): StartWorkers => {
    let harness: WorkflowHarness | undefined;
    onCleanup(() => harness?.stop());
    return async (overrides) => {
      const fakes = fakeActivities(overrides);
      harness = await workflowHarness(fakes.activities, temporal);
      return { fakes, harness };
    };
  });
