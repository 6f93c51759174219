import { describe, expect } from 'vitest';

import { isNotFound } from '../../kubernetes/api/errors.ts';
import { eventually } from '../support/eventually.ts';
import { V1 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';

const it = testbedTest('namespace', ['worker', 'watcher']);

/** The namespace controller comes round again after some seconds, and waits longer each time. */
const EMPTIED_MS = 120_000;

describe('the deletion of a namespace', () => {
  it('ends, with the nodes in it', async ({ bed }) => {
    const running = await bed.nodes.createRunning('running', V1);
    const paused = await bed.nodes.create('paused', { image: V1, paused: true });
    await bed.core.deleteNamespace({ name: bed.namespace });
    await bed.nodes.untilGone(running);
    await bed.nodes.untilGone(paused);
    await eventually(
      'the namespace is gone',
      () =>
        bed.core.readNamespace({ name: bed.namespace }).then(
          () => false,
          (err: unknown) => isNotFound(err),
        ),
      EMPTIED_MS,
    );
    expect(bed.nodes.versions('running').at(-1)?.status?.phase).toBe('Terminating');
  });
});
