import { beforeEach, describe, expect, it } from 'vitest';

import { releaseMountLeases, takeMountLeases } from '../../../activities/shared/mount-leases.ts';
import type { SeiNode, SeiNodeSpec } from '../../../domain/node/sei-node.ts';
import { FakeCluster } from '../../support/cluster/fake-cluster.ts';
import { alreadyExists } from '../../support/cluster/refusals.ts';
import { seiNode } from '../../support/sei-node.ts';

const SIGNING_KEY: Partial<SeiNodeSpec> = {
  validator: { signingKey: { secret: { secretName: 'signing' } } },
};

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});

function nodeOf(name: string, spec = SIGNING_KEY, uid = `uid-of-${name}`): SeiNode {
  const { fullNode: _, ...rest } = seiNode().spec;
  const { metadata } = seiNode({ metadata: { name, uid, namespace: 'default' } });
  return cluster.createNode({ ...seiNode(), metadata, spec: { ...rest, ...spec } });
}

const take = (node: SeiNode) => takeMountLeases(cluster, node);
const leases = () => cluster.inventory.filter((object) => object.startsWith('leases'));
const IN_USE_BY = (name: string) => ({
  stall: {
    reason: 'IdentityInUse',
    message: expect.stringContaining(`in use by SeiNode ${name}`) as string,
  },
  holder: { namespace: 'default', name },
});

/** Makes a pod, or a StatefulSet, that uses the key of a node. */
function runs(node: string, kind: 'pod' | 'StatefulSet', secretName = 'signing'): void {
  const labels = { 'sei.io/node': node };
  const spec = { containers: [], volumes: [{ name: 'key', secret: { secretName } }] };
  if (kind === 'pod') {
    cluster.createPod({ metadata: { namespace: 'default', name: `${node}-0`, labels }, spec });
    return;
  }
  cluster.createStatefulSet({
    metadata: { namespace: 'default', name: node, labels },
    spec: { replicas: 1, selector: { matchLabels: labels }, serviceName: node, template: { spec } },
  });
}

describe('takeMountLeases', () => {
  it('asks for nothing for a node that mounts nothing exclusive', async () => {
    expect(await take(nodeOf('n0', { fullNode: {} }))).toBeUndefined();
    expect(cluster.requests.all).toEqual([]);
  });

  it('gives it to the first, and answers the second with the first', async () => {
    const [first, second] = [nodeOf('n0'), nodeOf('n1')];
    expect(await take(first)).toBeUndefined();
    expect(await take(second)).toEqual(IN_USE_BY('n0'));
    expect(leases()).toHaveLength(1);
  });

  it('costs a node that has it one request', async () => {
    const node = nodeOf('n0');
    await take(node);
    cluster.requests.clear();
    expect(await take(node)).toBeUndefined();
    expect(cluster.requests.all.map(({ method }) => method)).toEqual(['listMountLeases']);
  });

  it('gives it to one of two that have both seen nobody with it', async () => {
    const [first, second] = [nodeOf('n0'), nodeOf('n1')];
    const ends = await Promise.allSettled([take(first), take(second)]);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(leases()).toHaveLength(1);
    const again = await Promise.all([take(first), take(second)]);
    expect(again.filter((end) => end === undefined)).toHaveLength(1);
  });

  it('does not take a creation that was refused for its own', async () => {
    const node = nodeOf('n0');
    cluster.requests.refuse('createMountLease', alreadyExists('leases', 'sei-mount'));
    await expect(take(node)).rejects.toThrow('taken by another');
  });

  it.each(['pod', 'StatefulSet'] as const)(
    'finds a %s of a node that has no Lease, and takes none',
    async (kind) => {
      const node = nodeOf('n0');
      runs('n1', kind);
      expect(await take(node)).toEqual(IN_USE_BY('n1'));
      expect(leases()).toEqual([]);
    },
  );

  it('is not held up by its own pod', async () => {
    const node = nodeOf('n0');
    runs('n0', 'pod');
    expect(await take(node)).toBeUndefined();
  });

  it('takes over from a node that is gone, after another look at what it left', async () => {
    await take(nodeOf('n1'));
    cluster.removeNode({ namespace: 'default', name: 'n1' });
    const node = nodeOf('n0');
    await expect(take(node)).rejects.toThrow('is taken next');
    expect(await take(node)).toBeUndefined();
  });

  it('leaves to nobody what an orphaned pod of a node that is gone mounts', async () => {
    await take(nodeOf('n1'));
    runs('n1', 'pod');
    cluster.removeNode({ namespace: 'default', name: 'n1' });
    expect(await take(nodeOf('n0'))).toEqual(IN_USE_BY('n1'));
  });

  it('takes over from a node of its own name that was there before', async () => {
    await take(nodeOf('n0', SIGNING_KEY, 'earlier'));
    cluster.removeNode({ namespace: 'default', name: 'n0' });
    const node = nodeOf('n0');
    await expect(take(node)).rejects.toThrow('is taken next');
    expect(await take(node)).toBeUndefined();
  });

  it('holds on to none of several for a node that does not get all and has no pod', async () => {
    const nodeKey = { secret: { secretName: 'p2p' } };
    await take(nodeOf('n1'));
    const both = nodeOf('n0', { validator: { ...SIGNING_KEY.validator, nodeKey } });
    expect(await take(both)).toEqual(IN_USE_BY('n1'));
    expect(leases()).toHaveLength(1);
    expect(await take(nodeOf('n2', { validator: { nodeKey } }))).toBeUndefined();
  });

  it('holds on to what the pod of such a node has', async () => {
    const nodeKey = { secret: { secretName: 'p2p' } };
    await take(nodeOf('n1'));
    await take(nodeOf('n0', { validator: { nodeKey } }));
    runs('n0', 'pod', 'p2p');
    cluster.editSpec(
      { namespace: 'default', name: 'n0' },
      { validator: { ...SIGNING_KEY.validator, nodeKey } },
    );
    const node = cluster.node({ namespace: 'default', name: 'n0' });
    expect(node && (await take(node))).toEqual(IN_USE_BY('n1'));
    expect(leases()).toHaveLength(2);
  });

  it('minds the claim that is imported', async () => {
    const imports = { fullNode: {}, dataVolume: { import: { pvcName: 'chain-data' } } };
    await take(nodeOf('n0', imports));
    expect(await take(nodeOf('n1', imports))).toEqual(IN_USE_BY('n0'));
  });
});

describe('the own claim of another node', () => {
  const imports = { fullNode: {}, dataVolume: { import: { pvcName: 'data-n0' } } };

  it("is that node's once it has run, paused and without an owner as it may be", async () => {
    const owner = nodeOf('n0', { fullNode: {}, paused: true });
    cluster.editStatus(owner.metadata, { statefulSet: { name: 'n0', uid: 'sts' } });
    expect(await take(nodeOf('n1', imports))).toEqual(IN_USE_BY('n0'));
    expect(leases()).toEqual([]);
  });

  it('may be imported while that node has never run, which does not adopt it then', async () => {
    nodeOf('n0', { fullNode: {} });
    expect(await take(nodeOf('n1', imports))).toBeUndefined();
  });

  it('is free where that node imports another', async () => {
    const other = { fullNode: {}, dataVolume: { import: { pvcName: 'other' } } };
    cluster.editStatus(nodeOf('n0', other).metadata, { currentImage: 'sei:v1' });
    expect(await take(nodeOf('n1', imports))).toBeUndefined();
  });
});

describe('releaseMountLeases', () => {
  it('asks for nothing for a node that mounts nothing exclusive', async () => {
    await releaseMountLeases(cluster, nodeOf('n0', { fullNode: {} }));
    expect(cluster.requests.all).toEqual([]);
  });

  it('lets the next one have it, and leaves those of others', async () => {
    const [first, second] = [nodeOf('n0'), nodeOf('n1')];
    await take(first);
    await releaseMountLeases(cluster, second);
    expect(await take(second)).toEqual(IN_USE_BY('n0'));
    await releaseMountLeases(cluster, first);
    expect(await take(second)).toBeUndefined();
  });
});
