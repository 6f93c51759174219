import { beforeEach, describe, expect, it } from 'vitest';

import { NODE, seiNode } from '../support/sei-node.ts';
import { ActivityBed, PLAN } from './activity-bed.ts';

let bed: ActivityBed;

beforeEach(() => {
  bed = new ActivityBed();
  bed.cluster.createNode(seiNode());
});

describe.each([
  ['apply-service', 'applyService', 'services default/n0'],
  ['apply-rbac-proxy-config', 'applyRbacProxyConfig', 'configMaps default/n0-rbac-proxy-config'],
] as const)('%s', (_, activity, object) => {
  it('applies its object in one request', async () => {
    await bed.run(activity, PLAN);
    expect(bed.cluster.inventory).toContain(object);
    expect(bed.cluster.requests.all).toHaveLength(1);
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
