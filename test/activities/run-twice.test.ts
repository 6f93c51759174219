import { describe, expect, it } from 'vitest';

import { unavailable } from '../support/cluster/refusals.ts';
import { ActivityBed } from './activity-bed.ts';
import { ALL_SCENARIOS } from './all-scenarios.ts';
import { endOf } from './end-of.ts';

describe('the scenarios', () => {
  it('leave out no activity', async () => {
    const performed = new Set<string>();
    for (const { prepare } of ALL_SCENARIOS) {
      const { bed, attempt } = await prepare();
      const { length } = bed.performed;
      await attempt();
      for (const name of bed.performed.slice(length)) performed.add(name);
    }
    expect([...performed].toSorted()).toEqual(Object.keys(new ActivityBed().activities).toSorted());
  });
});

describe.each(ALL_SCENARIOS)('$name', (scenario) => {
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

  it('comes to the same end when the answer of the sidecar about a task is lost', async () => {
    const { state, changes, taskCalls } = await endOf(scenario);
    for (let nth = 0; nth < taskCalls; nth += 1) {
      const end = await endOf(scenario, ({ bed }) => bed.sidecar.loseAnswer(nth));
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
