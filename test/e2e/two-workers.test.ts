import { describe, expect } from 'vitest';

import { V1, V2, V3 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';

const it = testbedTest('two-workers', ['worker', 'worker', 'watcher', 'watcher']);
const names = Array.from({ length: 6 }, (_, index) => `n${index}`);

describe('two workers and two watchers', () => {
  it('do the work of one: one run and one new pod for each node', async ({ bed }) => {
    await Promise.all(names.map((name) => bed.nodes.createRunning(name, V1)));
    await Promise.all(names.map((name) => bed.nodes.setImage(name, V2)));
    await Promise.all(names.map((name) => bed.nodes.untilSettledOn(name, V2)));

    for (const name of names) {
      expect(bed.pods.uids(name)).toHaveLength(2);
      const runs = await bed.runs.rolls(bed.key(name));
      expect(runs.map(({ type }) => type)).toEqual(['nodeInit', 'nodeUpdate']);
    }
  });

  it('lose nothing when one worker is stopped in the middle', async ({ bed }) => {
    await Promise.all(names.map((name) => bed.nodes.setImage(name, V3)));
    const [worker] = bed.processes().filter(({ role }) => role === 'worker');
    await worker?.stop('SIGTERM');
    await Promise.all(names.map((name) => bed.nodes.untilSettledOn(name, V3)));

    for (const name of names) expect(bed.pods.uids(name)).toHaveLength(3);
  });
});
