import { beforeEach, describe, expect, it } from 'vitest';

import { rbacProxyConfigFor } from '../../manifests/rbac-proxy-config.ts';
import { serviceFor } from '../../manifests/service.ts';
import { contentOf } from '../support/cluster/content-of.ts';
import { NODE, seiNode } from '../support/sei-node.ts';
import { ActivityBed, PLAN } from './activity-bed.ts';

const CONFIG = { ...NODE, name: 'n0-rbac-proxy-config' };
const NAMES = { ...NODE, configMap: CONFIG.name };

/** The things that a test does to the object beside the activity. */
const SERVICE = {
  object: 'services default/n0',
  apply: 'applyService',
  rendered: () => serviceFor(seiNode()),
  create: (desired: ReturnType<typeof serviceFor>) => bed.cluster.api.createService(desired),
  live: async () => (await bed.cluster.api.getOwnedObjects(NAMES)).service,
  remove: () => bed.cluster.removeService(NODE),
  disown: () => bed.cluster.disown('services', NODE),
} as const;
const CONFIG_MAP = {
  object: 'configMaps default/n0-rbac-proxy-config',
  apply: 'applyConfigMap',
  rendered: () => rbacProxyConfigFor(seiNode()),
  create: (desired: ReturnType<typeof rbacProxyConfigFor>) =>
    bed.cluster.api.createConfigMap(desired),
  live: async () => (await bed.cluster.api.getOwnedObjects(NAMES)).configMap,
  remove: () => bed.cluster.removeConfigMap(CONFIG),
  disown: () => bed.cluster.disown('configMaps', CONFIG),
} as const;

function owner(kind: string, name: string, controller: boolean) {
  const apiVersion = kind === 'SeiNode' ? 'sei.io/v1alpha1' : 'v1';
  return { apiVersion, kind, name, uid: `uid of ${name}`, controller };
}

let bed: ActivityBed;

beforeEach(() => {
  bed = new ActivityBed();
  bed.cluster.createNode(seiNode());
});

describe.each([
  ['apply-service', 'applyService', SERVICE],
  ['apply-rbac-proxy-config', 'applyRbacProxyConfig', CONFIG_MAP],
] as const)('%s', (_, activity, { object, apply, rendered, create, live, remove, disown }) => {
  it('creates its object after a look whether there is one, and applies it', async () => {
    await bed.run(activity, PLAN);
    expect(bed.cluster.inventory).toContain(object);
    const methods = bed.cluster.requests.all.map(({ method }) => method);
    expect(methods).toEqual(['getOwnedObjects', apply.replace('apply', 'create'), apply]);
  });

  it('applies the object that is there in one request', async () => {
    await bed.run(activity, PLAN);
    bed.cluster.requests.clear();
    await bed.run(activity, PLAN);
    expect(bed.cluster.requests.all).toHaveLength(1);
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it('finds what it created itself before it could apply it', async () => {
    await create(rendered());
    await bed.run(activity, PLAN);
    expect(await live()).toMatchObject({ isApplied: true });
  });

  it('creates it again where it is gone although the watch still shows it', async () => {
    await bed.run(activity, PLAN);
    bed.cluster.cache.freeze('service', 'configMap');
    remove();
    await bed.run(activity, PLAN);
    expect(bed.cluster.inventory).toContain(object);
  });

  it.each([
    ['that nobody owns', {}],
    ['with our label that nobody applied', { labels: { 'sei.io/node': 'n0' } }],
    ['of another controller', { ownerReferences: [owner('Deployment', 'shop', true)] }],
    ['with an owner that controls nothing', { ownerReferences: [owner('Shop', 'shop', false)] }],
  ])('refuses one %s, and leaves it as it is', async (__, parts) => {
    const foreign = rendered();
    const { labels: _labels, ownerReferences: _owners, ...metadata } = foreign.metadata ?? {};
    await create(Object.assign(foreign, { metadata: { ...metadata, ...parts } }));
    const before = await live();
    bed.cluster.requests.clear();
    await expect(bed.run(activity, PLAN)).rejects.toMatchObject({
      type: 'ForeignOwner',
      nonRetryable: true,
      message: expect.stringMatching(/^\w+ n0\S* exists and .*: delete it, or give/) as unknown,
    });
    expect(bed.cluster.requests.changes).toEqual([]);
    expect(await live()).toEqual(before);
  });

  /** As a backup tool restores it. */
  async function restore(): Promise<void> {
    const left = rendered();
    const ownerReferences = [owner('SeiNode', 'n0', true)];
    const metadata = Object.assign({}, left.metadata, { ownerReferences });
    await create(Object.assign(left, { metadata }));
    bed.cluster.requests.clear();
  }

  it('takes up one that names an earlier node, whose place as the owner the node takes first', async () => {
    await restore();
    await bed.run(activity, PLAN);
    expect(bed.cluster.requests.all.map(({ method }) => method)).toEqual([
      'getOwnedObjects',
      'getNode',
      'adoptObject',
      apply,
    ]);
    expect(contentOf(await live())).toMatchObject({
      metadata: { ownerReferences: [{ uid: NODE.uid, controller: true }] },
    });
  });

  it('leaves one to a later node of its name that only the cache does not show yet', async () => {
    await restore();
    const before = await live();
    bed.cluster.cache.freeze('node');
    bed.cluster.removeNode(NODE);
    await bed.run(activity, PLAN).catch(() => undefined);
    expect(await live()).toEqual(before);
  });

  it('takes up one that an operator of SeiNodes left behind without an owner', async () => {
    await bed.run(activity, PLAN);
    disown();
    await bed.run(activity, PLAN);
    expect(contentOf(await live())).toMatchObject({
      metadata: { ownerReferences: [{ uid: NODE.uid }] },
    });
  });

  it('renders no spec from before the generation that it works on', async () => {
    await bed.run(activity, PLAN);
    bed.cluster.cache.freeze('node');
    bed.cluster.editSpec(NODE, { podLabels: { team: 'blue' } });
    await bed.run(activity, { ...PLAN, generation: bed.node.metadata.generation });
    expect(contentOf(await live())).toMatchObject({
      metadata: { labels: { team: 'blue' } },
    });
  });

  it('applies nothing for another node of the name', async () => {
    await bed.run(activity, { ...PLAN, node: { ...NODE, uid: 'another' } });
    expect(bed.cluster.requests.changes).toEqual([]);
  });

  it.each([
    ['is gone', []],
    ['is being deleted', ['sei.io/seinode-finalizer']],
  ])('applies nothing for a node that %s', async (__, finalizers) => {
    bed.cluster.setFinalizers(NODE, finalizers);
    bed.cluster.deleteNode(NODE);
    await bed.run(activity, PLAN);
    expect(bed.cluster.requests.changes).toEqual([]);
  });
});
