import { describe, expect } from 'vitest';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { untilEvent } from '../support/testbed/node-events.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { steer } from '../support/testbed/steering.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

const it = testbedTest('init-failure', ['worker', 'watcher']);

const ERROR = 'minimum-gas-prices is not a price';

describe('a bring-up whose configuration the sidecar refuses for good', () => {
  it('ends in phase Failed with the reason, and `retry` begins it again', async ({ bed }) => {
    const failed = await bringUpInVain(bed, 'retried');
    expect(failed.status?.plan).toMatchObject({
      phase: 'Failed',
      lastFailure: { step: 'config-validate' },
    });
    expect(failed.status?.plan?.lastFailure?.message).toContain(ERROR);
    expect(conditionOf(failed, 'Ready')).toMatch(/^False/);
    const event = await untilEvent(bed, 'retried', 'NodeFailed');
    expect(event.message).toContain(ERROR);

    await bed.sidecars.setFaults(bed.key('retried'));
    await steer(bed, 'retried', 'retry', { actor: 'jo', reason: 'the template is mended' });
    await bed.nodes.untilSettledOn('retried', V1);
    // Nobody had to delete anything.
    expect(bed.pods.uids('retried')).toHaveLength(1);
  });

  it('ends in phase Failed where the sidecar has very much to say', async ({ bed }) => {
    // Longer than a text that the API server takes, of characters of three bytes each.
    const error = `${ERROR} ${'界'.repeat(40_000)}`;
    const failed = await bringUpInVain(bed, 'wordy', error);
    expect(failed.status?.plan?.lastFailure?.message).toMatch(new RegExp(`${ERROR} 界{1000,}…$`));
    expect(conditionOf(failed, 'Ready')).toMatch(/^False/);
    await untilEvent(bed, 'wordy', 'NodeFailed');
  });

  it('begins again on its own once the spec has changed', async ({ bed }) => {
    await bringUpInVain(bed, 'mended');
    await bed.sidecars.setFaults(bed.key('mended'));
    await bed.nodes.setImage('mended', V2);
    const mended = await bed.nodes.untilSettledOn('mended', V2);
    expect(mended.status?.phase).toBe('Running');
    expect(conditionOf(mended, 'Ready')).toMatch(/^True/);
  });
});

/** Creates a node whose sidecar rejects its configuration, and waits until it is given up. */
async function bringUpInVain(bed: Testbed, node: string, error = ERROR): Promise<SeiNode> {
  await bed.sidecars.setFaults(bed.key(node), {
    kind: 'task-fails',
    error,
    taskTypes: ['config-validate'],
  });
  await bed.nodes.create(node, { image: V1 });
  return bed.nodes.until(node, 'it is given up', ({ status }) => status?.phase === 'Failed');
}
