import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';

import type { Installation } from '../../domain/task-queue.ts';
import { ownWorkOnly } from '../../worker/own-work-only.ts';

const EU1: Installation = { cluster: 'eu1', namespace: undefined, taskQueue: 'shared' };

/** What becomes of an activity of a workflow. */
async function ran(workflowId: string, installation: Installation): Promise<unknown> {
  const environment = new MockActivityEnvironment(
    { workflowExecution: { workflowId, runId: 'run' } },
    { interceptors: [ownWorkOnly(installation)] },
  );
  return environment.run(async () => 'ran');
}

describe('ownWorkOnly', () => {
  it('lets a worker do the work on the nodes that it serves', async () => {
    expect(await ran('seinode/eu1/nodes/n0', EU1)).toBe('ran');
    expect(await ran('seinode/eu1/nodes/n0', { ...EU1, namespace: 'nodes' })).toBe('ran');
  });

  it('refuses the nodes of another cluster, so that a worker of theirs takes them', async () => {
    await expect(ran('seinode/eu2/nodes/n0', EU1)).rejects.toMatchObject({
      type: 'OtherInstallation',
      nonRetryable: false,
      message:
        'this worker serves cluster eu1; seinode/eu2/nodes/n0 is of another installation, which shares task queue shared: give each its own SEINODE_TASK_QUEUE, or none',
    });
  });

  it('refuses the nodes of a namespace that it does not serve', async () => {
    const refused = ran('seinode/eu1/others/n0', { ...EU1, namespace: 'nodes' });
    await expect(refused).rejects.toMatchObject({
      message: expect.stringContaining('serves cluster eu1, namespace nodes;') as unknown,
      nonRetryable: false,
    });
  });

  it('has nothing to say of a workflow that is no node’s', async () => {
    expect(await ran('something-else', EU1)).toBe('ran');
  });
});
