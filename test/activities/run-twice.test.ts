import { describe, expect, it } from 'vitest';

import { unavailable } from '../support/fake-cluster/refusals.ts';
import type { Scenario, Situation } from './scenarios.ts';
import { scenarios } from './scenarios.ts';

/** Events are told as well as possible, and never hold up the work that they tell of. */
interface End {
  readonly state: unknown;
  readonly changes: readonly string[];
  readonly requests: number;
}

/** Where the activity leads to, when it is run until it succeeds as the retry policy does. */
async function endOf(
  scenario: Scenario,
  disturb: (situation: Situation) => void = () => undefined,
): Promise<End> {
  const situation = await scenario.prepare();
  const { bed, attempt } = situation;
  bed.cluster.requests.clear();
  disturb(situation);
  for (let attempts = 1; ; attempts += 1) {
    try {
      await attempt();
      break;
    } catch (err) {
      if (attempts === 5) throw err;
      // A retry comes later, so that what is stamped twice shows.
      bed.advanceClock(1);
    }
  }
  const { all, changes } = bed.cluster.requests;
  const { events: _events, inventory, ...state } = bed.state;
  return {
    state: timeless({ ...state, inventory: inventory.filter((one) => !one.startsWith('events ')) }),
    changes: changes.map(({ method }) => method).filter((method) => method !== 'createEvent'),
    requests: all.length,
  };
}

/** A write that succeeds at the second attempt carries the time of the second attempt. */
function timeless(state: object): unknown {
  return JSON.parse(JSON.stringify(state).replaceAll(/"\d{4}-[\dT:.-]+Z"/g, '"then"'));
}

describe.each(scenarios)('$name', (scenario) => {
  it('leaves the cluster as it is when it runs a second time', async () => {
    const { bed, attempt } = await scenario.prepare();
    await attempt();
    const once = bed.state;
    bed.cluster.requests.clear();
    bed.advanceClock(60);
    await attempt();
    expect(bed.state).toEqual(once);
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('comes to the same end when the answer to any of its requests is lost', async () => {
    const { state, changes, requests } = await endOf(scenario);
    for (let nth = 0; nth < requests; nth += 1) {
      const end = await endOf(scenario, ({ bed }) => bed.cluster.requests.loseAnswer(nth));
      expect({ nth, state: end.state, changes: end.changes }).toEqual({ nth, state, changes });
    }
  });

  it('comes to the same end when the API server is away for any of its requests', async () => {
    const { state, changes, requests } = await endOf(scenario);
    for (let nth = 0; nth < requests; nth += 1) {
      const end = await endOf(scenario, ({ bed }) =>
        bed.cluster.requests.refuse(nth, unavailable()),
      );
      expect({ nth, state: end.state, changes: end.changes }).toEqual({ nth, state, changes });
    }
  });

  it('comes to the same end from a cache that shows the past', async () => {
    const { state, changes } = await endOf(scenario);
    const end = await endOf(scenario, ({ bed }) => bed.cluster.cache.freeze());
    expect({ state: end.state, changes: end.changes }).toEqual({ state, changes });
  });
});
