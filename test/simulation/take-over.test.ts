import { expect, it } from 'vitest';

import { BEGUN, fakeActivities } from '../support/workflow/fake-activities.ts';
import { simulate } from '../support/workflow/simulation/simulate.ts';

it('a take-over whose sidecar fails mark-ready again and again is tried again by itself', async () => {
  let isMended = false;
  const { activities } = fakeActivities({
    beginInit: async () => ({ ...BEGUN, kind: 'taking-over', marksReady: true }),
    markReady: async () =>
      isMended ? { kind: 'ready' } : { kind: 'task-failed', error: 'disk full' },
  });
  await using simulated = await simulate({ activities });
  simulated.observe('nodeInit');
  await simulated.advance('1 minute');
  expect(simulated.countOf('failInit')).toBeGreaterThan(0);
  expect((await simulated.progress()).step).toBe('parked');
  isMended = true;
  await simulated.runToEnd('1 hour');
  expect(simulated.countOf('takeOver')).toBe(1);
});
