import { expect, it } from 'vitest';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import type { WorkKind } from '../../domain/work/due-work.ts';
import { BEGUN, fakeActivities, TARGET } from '../support/workflow/fake-activities.ts';
import { untilCancelled } from '../support/workflow/simulation/attempt.ts';
import { simulate } from '../support/workflow/simulation/simulate.ts';

const SEVENTH = { ...BEGUN, generation: 7 };

const WORK: readonly [string, WorkKind, Partial<NodeActivities>][] = [
  ['an update', 'nodeUpdate', { beginUpdate: async () => SEVENTH }],
  ['a bring-up', 'nodeInit', { beginInit: async () => ({ ...SEVENTH, tasks: [] }) }],
  [
    'a take-over',
    'nodeInit',
    { beginInit: async () => ({ ...SEVENTH, kind: 'taking-over', marksReady: false }) },
  ],
  [
    'a sync',
    'nodeSync',
    {
      beginSync: async () => ({ ...SEVENTH, applies: true, marksReady: false, sidecar: 'ready' }),
    },
  ],
];

it.each(WORK)('%s renders no spec from before the one that it has begun with', async (...work) => {
  const [, kind, overrides] = work;
  const readTarget = async () => ({ generation: 7, target: TARGET });
  const { activities } = fakeActivities({ ...overrides, readTarget });
  await using simulated = await simulate({ activities });
  simulated.observe(kind);
  await simulated.runToEnd('1 minute');
  const rendering = simulated.activitiesStarted.filter(({ name }) => name.startsWith('apply'));
  expect(rendering.length).toBeGreaterThan(1);
  const generations = rendering.map(
    ({ input }) => (input as { readonly generation?: number }).generation,
  );
  expect(new Set(generations)).toEqual(new Set([7]));
});

it('asks once for the target of a node that was restored to an earlier generation', async () => {
  const OTHER = { ...TARGET, image: 'sei:v3' };
  let isRestored = false;
  let reads = 0;
  const fake = fakeActivities({
    beginUpdate: async () => ({ ...BEGUN, generation: isRestored ? 4 : 7 }),
    observeImage: untilCancelled,
    readTarget: async () => {
      reads += 1;
      return { generation: 4, target: reads === 1 ? OTHER : TARGET };
    },
  });
  await using simulated = await simulate({ activities: fake.activities });
  simulated.observe('nodeUpdate', { generation: 7 });
  await simulated.advance('1 minute');
  isRestored = true;
  simulated.observe('nodeUpdate', { generation: 8 });
  await simulated.advance('1 hour');
  expect(fake.countOf('beginUpdate')).toBe(2);
  expect(reads).toBeLessThan(4);
});
