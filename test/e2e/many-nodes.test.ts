import { describe, expect } from 'vitest';

import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';

const it = testbedTest('many', ['worker', 'watcher']);
const names = Array.from({ length: 10 }, (_, index) => `n${index}`);

describe('ten nodes', () => {
  it('come up at once and are updated at once, each by a run of its own', async ({ bed }) => {
    await Promise.all(names.map((name) => bed.nodes.createRunning(name, V1)));
    await Promise.all(names.map((name) => bed.nodes.setImage(name, V2)));
    await Promise.all(names.map((name) => bed.nodes.untilSettledOn(name, V2)));

    expect(names.map((name) => bed.pods.uids(name).length)).toEqual(names.map(() => 2));
    const runs = await Promise.all(names.map((name) => bed.runs.rolls(bed.key(name))));
    const types = runs.map((each) => each.map(({ type }) => type));
    expect(types).toEqual(names.map(() => ['nodeInit', 'nodeUpdate']));
  });
});
