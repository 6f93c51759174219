import { describe, expect, it } from 'vitest';

import { unavailable } from '../support/cluster/refusals.ts';
import type { Method, RecordedRequest } from '../support/cluster/request-log.ts';
import { deleteScenarios } from './delete-scenarios.ts';
import type { End } from './end-of.ts';
import { endOf } from './end-of.ts';
import { identityScenarios } from './identity-scenarios.ts';
import { mountScenarios } from './mount-scenarios.ts';
import { restoreScenarios } from './restore-scenarios.ts';
import type { Scenario, Situation } from './scenario.ts';

/**
 * The moments at which the worker is killed around a request: before it has its effect, or before the worker
 * hears of it.
 */
const CRASHES: Readonly<Record<string, (situation: Situation, nth: number) => void>> = {
  before: ({ bed }, nth) => bed.cluster.requests.refuse(nth, unavailable()),
  after: ({ bed }, nth) => bed.cluster.requests.loseAnswer(nth),
};

const CREATES: readonly Method[] = ['applyStatefulSet'];
const DELETES: readonly Method[] = [
  'deleteStatefulSet',
  'deletePersistentVolumeClaim',
  'deletePod',
];

/** The state that must be the same however often the worker was killed on the way. */
function outcomeOf({ state, changes }: End) {
  return {
    state,
    creates: countOf(changes, CREATES),
    deletes: countOf(changes, DELETES),
  };
}

function countOf(changes: End['changes'], methods: readonly RecordedRequest['method'][]): number {
  return changes.filter((method) => methods.some((one) => one === method)).length;
}

/** The undisturbed run, and how it ends when the worker is killed at each pair of its requests. */
async function endsOf(scenario: Scenario) {
  const undisturbed = await endOf(scenario);
  const ends: { readonly crashes: string; readonly outcome: unknown }[] = [];
  for (let first = 0; first < undisturbed.requests; first += 1) {
    // The second is counted from the first on, so that it may meet the very next attempt.
    for (let gap = 1; gap <= undisturbed.requests; gap += 1) {
      for (const [how, crash] of Object.entries(CRASHES)) {
        const end = await endOf(scenario, (situation) => {
          crash(situation, first);
          crash(situation, first + gap);
        });
        ends.push({ crashes: `${how} ${first} and ${first + gap}`, outcome: outcomeOf(end) });
      }
    }
  }
  return { wanted: outcomeOf(undisturbed), ends };
}

const DELETIONS: Readonly<Record<string, number>> = {
  impostor: 1,
  'unowned impostor': 1,
  deleteStatefulSet: 1,
  deleteDataPvc: 1,
  'await-pods-gone of a pod that was left behind': 1,
  'the whole of a deletion': 2,
};

/** Hundreds of lives, each from its beginning: half a minute of a processor, of which a busy machine has little. */
const ALL_LIVES_MS = 300_000;

describe.each([...identityScenarios, ...mountScenarios, ...deleteScenarios, ...restoreScenarios])(
  '$name',
  (scenario) => {
    it(
      'ends as if nobody had killed the worker, at whichever two requests that was',
      { timeout: ALL_LIVES_MS },
      async () => {
        const { wanted, ends } = await endsOf(scenario);
        expect(wanted.deletes).toBe(DELETIONS[scenario.name] ?? 0);
        const different = ends.filter(
          ({ outcome }) => JSON.stringify(outcome) !== JSON.stringify(wanted),
        );
        expect(different.slice(0, 1)).toEqual([]);
      },
    );
  },
);
