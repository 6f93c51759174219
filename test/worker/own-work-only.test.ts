import { MockActivityEnvironment } from '@temporalio/testing';
import { describe, expect, it } from 'vitest';

import { NODE_NAMES } from '../../domain/run/kind-names.ts';
import type { Installation } from '../../domain/run/task-queue.ts';
import { ownWorkOnly } from '../../worker/own-work-only.ts';
import { TOY_NAMES } from '../workflows/second-kind/toy-names.ts';

const EU1: Installation = { cluster: 'eu1', namespaces: undefined, taskQueue: 'shared' };

/** Runs an activity of a workflow through the interceptor. */
async function ran(
  workflowId: string,
  installation: Installation,
  input: unknown = N0,
  activityType = 'removeFinalizer',
): Promise<unknown> {
  const environment = new MockActivityEnvironment(
    { activityType, workflowExecution: { workflowId, runId: 'run' } },
    { interceptors: [ownWorkOnly(installation, [NODE_NAMES, TOY_NAMES])] },
  );
  const ranWith = async (...inputs: readonly unknown[]) =>
    inputs.length === 1 ? 'ran' : undefined;
  return environment.run(ranWith, input);
}

const N0 = { node: { namespace: 'nodes', name: 'n0', uid: 'uid' }, planId: 'plan' };
const ID = 'seinode/eu1/nodes/n0';

describe('ownWorkOnly', () => {
  it('lets a worker do the work on the nodes that it serves', async () => {
    expect(await ran('seinode/eu1/nodes/n0', EU1)).toBe('ran');
    expect(await ran('seinode/eu1/nodes/n0', { ...EU1, namespaces: ['nodes'] })).toBe('ran');
    const several = { ...EU1, namespaces: ['others', 'nodes'] };
    expect(await ran('seinode/eu1/nodes/n0', several)).toBe('ran');
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
    const refused = ran('seinode/eu1/others/n0', { ...EU1, namespaces: ['nodes'] });
    await expect(refused).rejects.toMatchObject({
      message: expect.stringContaining('serves cluster eu1, namespace nodes;') as unknown,
      nonRetryable: false,
    });
  });

  it('refuses the nodes of a namespace that is not among several that it serves', async () => {
    const refused = ran('seinode/eu1/others/n0', { ...EU1, namespaces: ['nodes', 'more'] });
    await expect(refused).rejects.toMatchObject({
      message: expect.stringContaining('serves cluster eu1, namespace nodes or more;') as unknown,
      nonRetryable: false,
    });
  });

  it('lets a run name itself', async () => {
    expect(await ran(ID, EU1, { ...N0, workflowId: ID })).toBe('ran');
  });

  it.each([
    ['of a workflow that is no node’s', 'something-else', N0],
    ['for another node', ID, { ...N0, node: { ...N0.node, name: 'victim' } }],
    ['for a node of another namespace', ID, { ...N0, node: { ...N0.node, namespace: 'others' } }],
    ['for a node without a UID', ID, { ...N0, node: { namespace: 'nodes', name: 'n0' } }],
    ['that names another run', ID, { ...N0, workflowId: 'seinode/eu1/nodes/victim' }],
    ['under a plan without an id', ID, { ...N0, planId: '' }],
    ['under a plan with an endless id', ID, { ...N0, planId: 'x'.repeat(257) }],
    ['with a text', ID, 'n0'],
    ['with junk', ID, ['seinode']],
    ['with null', ID, null],
  ])('refuses an activity %s for good', async (_, workflowId, input) => {
    await expect(ran(workflowId, EU1, input)).rejects.toMatchObject({
      type: 'InvalidInput',
      nonRetryable: true,
      message: expect.stringContaining(`removeFinalizer of ${workflowId} is refused: `) as unknown,
    });
  });

  it('lets the run of another kind do the work of that kind', async () => {
    expect(await ran('toy/eu1/nodes/n0', EU1, N0, 'makeToy')).toBe('ran');
    await expect(ran('toy/eu2/nodes/n0', EU1, N0, 'makeToy')).rejects.toMatchObject({
      type: 'OtherInstallation',
    });
  });

  it.each([
    ['node', ID, 'makeToy'],
    ['toy', 'toy/eu1/nodes/n0', 'removeFinalizer'],
  ])('refuses the run of a %s the work of another kind', async (_, workflowId, activityType) => {
    await expect(ran(workflowId, EU1, N0, activityType)).rejects.toMatchObject({
      type: 'InvalidInput',
      nonRetryable: true,
      message: expect.stringContaining('never ask for it') as unknown,
    });
  });
});
