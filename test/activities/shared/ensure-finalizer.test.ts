import { beforeEach, describe, expect, it } from 'vitest';

import { ensureFinalizer } from '../../../activities/shared/ensure-finalizer.ts';
import { FINALIZER } from '../../../domain/node/sei-node.ts';
import { FakeCluster } from '../../support/cluster/fake-cluster.ts';
import { NODE, seiNode } from '../../support/sei-node.ts';

let cluster: FakeCluster;

beforeEach(() => {
  cluster = new FakeCluster();
  cluster.createNode(seiNode());
});

const ensure = () => ensureFinalizer(cluster, NODE);
const finalizers = () => cluster.node(NODE)?.metadata.finalizers;

describe('ensureFinalizer', () => {
  it('puts the finalizer beside those of others', async () => {
    cluster.setFinalizers(NODE, ['theirs']);
    await ensure();
    expect(finalizers()).toEqual(['theirs', FINALIZER]);
  });

  it('asks the API server nothing where the cache shows it', async () => {
    cluster.setFinalizers(NODE, [FINALIZER]);
    await ensure();
    expect(cluster.requests.all).toEqual([]);
  });

  it('puts no second one where only its cache does not show it', async () => {
    cluster.cache.freeze();
    cluster.setFinalizers(NODE, [FINALIZER]);
    await ensure();
    expect(finalizers()).toEqual([FINALIZER]);
    expect(cluster.requests.changes).toEqual([]);
  });

  it('fails, to be tried again, where somebody writes in between, and undoes nothing', async () => {
    cluster.requests.before('patchNodeFinalizers', () => cluster.setFinalizers(NODE, ['theirs']));
    await expect(ensure()).rejects.toMatchObject({ code: 409 });
    expect(finalizers()).toEqual(['theirs']);
  });

  it('puts none on a node that is being deleted, which the API server would refuse', async () => {
    cluster.setFinalizers(NODE, ['theirs']);
    cluster.deleteNode(NODE);
    await ensure();
    expect(finalizers()).toEqual(['theirs']);
  });

  it('puts none on another node of the name', async () => {
    cluster.removeNode(NODE);
    cluster.createNode(seiNode({ metadata: { uid: 'another' } }));
    await ensure();
    expect(finalizers()).toBeUndefined();
  });
});
