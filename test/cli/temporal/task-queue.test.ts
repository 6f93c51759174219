import { describe, expect, it } from 'vitest';

import type { OpenTemporal } from '../../../cli/temporal/open-temporal.ts';
import { taskQueueFor } from '../../../cli/temporal/task-queue.ts';

const NODE = { cluster: 'eu1', namespace: 'nodes' };
const NOTHING_SET = { taskQueue: undefined, servedNamespaces: undefined };

/** Makes a Temporal some of whose queues have a worker. */
function temporalWith(...polled: readonly string[]): OpenTemporal {
  const describeTaskQueue = async ({ taskQueue }: { readonly taskQueue: { name: string } }) => ({
    pollers: polled.includes(taskQueue.name)
      ? [{ identity: 'worker', lastAccessTime: { seconds: Date.now() / 1_000, nanos: 0 } }]
      : [],
  });
  return {
    namespace: 'default',
    address: 'temporal:7233',
    connection: { workflowService: { describeTaskQueue } },
  } as unknown as OpenTemporal;
}

describe('taskQueueFor', () => {
  it('is the one of the whole cluster where no worker serves the namespace alone', async () => {
    expect(await taskQueueFor(temporalWith('seinode-eu1'), NOTHING_SET, NODE)).toBe('seinode-eu1');
    expect(await taskQueueFor(temporalWith(), NOTHING_SET, NODE)).toBe('seinode-eu1');
  });

  it('is the one of the namespace where workers serve it alone', async () => {
    const temporal = temporalWith('seinode-eu1', 'seinode-eu1/nodes');
    expect(await taskQueueFor(temporal, NOTHING_SET, NODE)).toBe('seinode-eu1/nodes');
  });

  it('is the one that the settings say', async () => {
    const temporal = temporalWith('seinode-eu1');
    const named = { ...NOTHING_SET, taskQueue: 'ours' };
    expect(await taskQueueFor(temporal, named, NODE)).toBe('ours');
    const several = { taskQueue: 'ours', servedNamespaces: ['nodes', 'more'] };
    expect(await taskQueueFor(temporal, several, NODE)).toBe('ours');
    const namespaced = { ...NOTHING_SET, servedNamespaces: ['nodes'] };
    expect(await taskQueueFor(temporal, namespaced, NODE)).toBe('seinode-eu1/nodes');
  });
});
