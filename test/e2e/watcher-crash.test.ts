import { describe, expect } from 'vitest';

import { V1, V2, V3 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';

const it = testbedTest('watcher-crash', ['worker']);

describe('a watcher that is killed', () => {
  it('sees at its next start what changed while there was none', async ({ bed }) => {
    const watcher = await bed.start('watcher');
    await bed.nodes.createRunning('n0', V1);
    await bed.runs.closed(bed.key('n0'));
    await watcher.stop('SIGKILL');

    await bed.nodes.setImage('n0', V2);
    await bed.nodes.create('n1', { image: V1 });
    await bed.start('watcher');
    await bed.nodes.untilSettledOn('n0', V2);
    await bed.nodes.untilSettledOn('n1', V1);
    expect(bed.pods.uids('n0')).toHaveLength(2);
  });

  it('is not needed for an update that has begun', async ({ bed }) => {
    const watcher = await bed.start('watcher');
    await bed.nodes.createRunning('n2', V1);
    const slow = 'ghcr.io/sei-protocol/sei:slow-start-2s';
    await bed.nodes.setImage('n2', slow);
    await bed.pods.until('n2-0', `it is of ${slow}`, ({ seidImage }) => seidImage === slow);
    await watcher.stop('SIGKILL');
    await bed.nodes.untilSettledOn('n2', slow);
  });

  it('restarts no pod by starting again', async ({ bed }) => {
    await bed.nodes.createRunning('n3', V3);
    await bed.start('watcher');
    await bed.nodes.createRunning('n4', V3);
    expect(bed.pods.uids('n3')).toHaveLength(1);
    expect(await bed.runs.rolls(bed.key('n3'))).toHaveLength(1);
  });
});
