import { expect, it } from 'vitest';

import type { NodeActivities } from '../../activities/contract.ts';
import type { WorkKind } from '../../domain/due-work.ts';
import { BEGUN, fakeActivities, TARGET } from '../support/fake-activities.ts';
import { simulate } from '../support/simulation/simulate.ts';

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
