import { describe, expect, it } from 'vitest';

import { resolveInstallation } from '../../process/resolve-installation.ts';
import { readSettings } from '../../settings/settings.ts';

const kubernetes = {
  getJson: async () => ({
    metadata: { name: 'kube-system', uid: '0123456789-abc', resourceVersion: '1' },
  }),
};

const installationOf = (env: Record<string, string>) =>
  resolveInstallation(readSettings(env), kubernetes);

describe('resolveInstallation', () => {
  it('derives the cluster, and its queue, where nothing is set', async () => {
    expect(await installationOf({})).toEqual({
      cluster: '01234567',
      namespaces: undefined,
      taskQueue: 'seinode-01234567',
    });
  });

  it('has a queue of its own for each namespace that is served alone', async () => {
    const env = { SEINODE_CLUSTER_NAME: 'eu1', SEINODE_NAMESPACE: 'nodes' };
    expect(await installationOf(env)).toEqual({
      cluster: 'eu1',
      namespaces: ['nodes'],
      taskQueue: 'seinode-eu1/nodes',
    });
  });

  it('keeps its queue when the list of namespaces changes', async () => {
    const env = { SEINODE_CLUSTER_NAME: 'eu1', SEINODE_TASK_QUEUE: 'ours' };
    expect(await installationOf({ ...env, SEINODE_NAMESPACE: 'nodes-a, nodes-b' })).toEqual({
      cluster: 'eu1',
      namespaces: ['nodes-a', 'nodes-b'],
      taskQueue: 'ours',
    });
  });

  it('takes the queue that is set', async () => {
    const env = { SEINODE_CLUSTER_NAME: 'eu1', SEINODE_TASK_QUEUE: 'ours' };
    expect((await installationOf(env)).taskQueue).toBe('ours');
  });
});
