import { workflowTest } from '../../support/workflow/workflow-test.ts';
import { Fleet } from './fleet.ts';

/** Tests that share a fleet of their file's own. */
export const fleetTest = workflowTest.extend(
  'fleet',
  { scope: 'file' },
  async ({ temporal }, { onCleanup }) => {
    const fleet = await Fleet.open(temporal);
    onCleanup(() => fleet.close());
    return fleet;
  },
);
