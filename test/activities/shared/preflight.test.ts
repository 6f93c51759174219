import { describe, expect, it } from 'vitest';

import type { SeiNodeSpec } from '../../../domain/node/sei-node.ts';
import { rbacProxyConfigFor } from '../../../manifests/rbac-proxy-config.ts';
import { serviceFor } from '../../../manifests/service.ts';
import { foreignNode, NODE, runningNode, seiNode, V2 } from '../../support/sei-node.ts';
import { ActivityBed, BEGIN, driftedBed, runningBed } from '../activity-bed.ts';
import { renderedStatefulSet } from '../rendered-stateful-set.ts';
import { withMetadata } from '../restore-scenarios.ts';

const CLAIM = { namespace: NODE.namespace, name: 'data-n0' };
const OF_SHOP = { apiVersion: 'v1', kind: 'Shop', name: 'shop', uid: 'shop', controller: true };
const OF_N1 = {
  apiVersion: 'sei.io/v1alpha1',
  kind: 'SeiNode',
  name: 'n1',
  uid: 'n1',
  controller: true,
};

let bed: ActivityBed;

/** The writes to anything but the node itself. */
const writes = () =>
  bed.cluster.requests.changes
    .map(({ method }) => method)
    .filter(
      (method) => !['patchNodeStatus', 'patchNodeFinalizers', 'createEvent'].includes(method),
    );

/** Each object that may be somebody else's, and the words that name it. */
const FOREIGN: Readonly<Record<string, readonly [make: () => unknown, says: string]>> = {
  StatefulSet: [
    () =>
      bed.cluster.createStatefulSet(
        renderedStatefulSet(bed, { metadata: { ownerReferences: [OF_SHOP] } }),
      ),
    'StatefulSet n0 exists and belongs to Shop shop',
  ],
  Service: [
    () => {
      const parts = { labels: { app: 'shop' }, ownerReferences: [] };
      return bed.cluster.api.createService(withMetadata(serviceFor(bed.node), parts));
    },
    'Service n0 exists and is not of this SeiNode',
  ],
  ConfigMap: [
    () => {
      const parts = { ownerReferences: [OF_SHOP] };
      return bed.cluster.api.createConfigMap(withMetadata(rbacProxyConfigFor(bed.node), parts));
    },
    'ConfigMap n0-rbac-proxy-config exists and belongs to Shop shop',
  ],
  PersistentVolumeClaim: [
    () => bed.cluster.createClaim(CLAIM, [], { labels: { app: 'web' } }),
    'PersistentVolumeClaim data-n0 exists and is not of this SeiNode (labels app=web)',
  ],
  'PersistentVolumeClaim that is in use': [
    () => {
      bed.cluster.createClaim(CLAIM);
      bed.cluster.createPodWithClaim({ ...CLAIM, name: 'copy' }, CLAIM.name);
    },
    'PersistentVolumeClaim data-n0 exists, and Pod copy, which is not of this SeiNode, uses it',
  ],
};

describe.each(Object.entries(FOREIGN))('a foreign %s', (_, [make, says]) => {
  it.each([
    ['bring-up', () => seiNode()],
    ['take-over', () => foreignNode()],
  ])('ends a %s before anything else is written', async (__, node) => {
    bed = new ActivityBed();
    bed.cluster.createNode(node());
    await make();
    bed.cluster.requests.clear();
    await expect(bed.run('beginInit', BEGIN)).rejects.toMatchObject({
      type: 'ForeignOwner',
      nonRetryable: true,
      message: expect.stringContaining(says) as string,
    });
    expect(writes()).toEqual([]);
    expect(bed.node.status?.plan).toMatchObject({ id: BEGIN.planId, phase: 'Active' });
  });

  it('ends an update before anything else is written', async () => {
    bed = new ActivityBed();
    bed.cluster.createNode(runningNode({ spec: { image: V2 } }));
    await make();
    bed.cluster.requests.clear();
    await expect(bed.run('beginUpdate', BEGIN)).rejects.toMatchObject({
      type: 'ForeignOwner',
      message: expect.stringContaining(says) as string,
    });
    expect(writes()).toEqual([]);
  });
});

describe('a claim that is imported', () => {
  it.each([
    ['bring-up', () => seiNode()],
    ['take-over', () => foreignNode()],
  ])('is refused a %s where another node has it as its data', async (_, node) => {
    bed = new ActivityBed();
    bed.cluster.createNode(node());
    bed.cluster.editSpec(NODE, { dataVolume: { import: { pvcName: 'data-n1' } } });
    bed.cluster.createClaim({ ...CLAIM, name: 'data-n1' }, [OF_N1]);
    bed.cluster.requests.clear();
    await expect(bed.run('beginInit', BEGIN)).rejects.toMatchObject({
      type: 'ForeignOwner',
      message: expect.stringContaining('belongs to SeiNode n1, which has it as its data') as string,
    });
    expect(writes()).toEqual([]);
  });

  it('is not adopted', async () => {
    bed = new ActivityBed();
    bed.cluster.createNode(seiNode());
    bed.cluster.editSpec(NODE, { dataVolume: { import: { pvcName: 'precious' } } });
    bed.cluster.createClaim({ ...CLAIM, name: 'precious' });
    bed.cluster.requests.clear();
    await bed.run('beginInit', BEGIN);
    expect(writes()).toEqual([]);
  });
});

describe('a restored claim', () => {
  it.each([
    ['bring-up', () => seiNode()],
    ['take-over', () => foreignNode()],
  ])('is adopted as a %s begins', async (_, node) => {
    bed = new ActivityBed();
    bed.cluster.createNode(node());
    bed.cluster.createClaim(CLAIM);
    bed.cluster.requests.clear();
    await bed.run('beginInit', BEGIN);
    expect(writes()).toEqual(['adoptObject']);
    expect(bed.cluster.claim(CLAIM)?.metadata?.ownerReferences).toMatchObject([{ uid: NODE.uid }]);
  });
});

describe('a spec that cannot be carried out', () => {
  const NO_IMAGE = 'ghcr.io/sei v1';
  const keyring = { secretName: 'key', passphraseSecretRef: { secretName: 'key', key: 'k' } };

  it.each<[string, Partial<SeiNodeSpec>, string]>([
    ['that names no image', { image: NO_IMAGE }, 'spec.image'],
    ['whose chain cannot be a label', { chainId: 'no label' }, 'spec.chainId'],
    ['of two modes', { archive: {} }, 'spec is of the modes fullNode, archive'],
    [
      'whose volume another image would have to fill',
      { fullNode: { snapshot: { s3: { targetHeight: 5 }, bootstrapImage: V2 } } },
      'spec.fullNode.snapshot.bootstrapImage',
    ],
    [
      'whose keyring all of the pod would see',
      {
        validator: {
          signingKey: { secret: { secretName: 'key' } },
          nodeKey: { secret: { secretName: 'p2p' } },
          operatorKeyring: { secret: keyring },
        },
      },
      'spec.validator.operatorKeyring.secret',
    ],
  ])('%s ends a bring-up before anything else is written', async (_, spec, says) => {
    bed = new ActivityBed();
    const { fullNode, ...common } = seiNode().spec;
    const mode = 'validator' in spec ? undefined : { fullNode: fullNode ?? {} };
    bed.cluster.createNode({ ...seiNode(), spec: { ...common, ...mode, ...spec } });
    await expect(bed.run('beginInit', BEGIN)).rejects.toMatchObject({
      type: 'InvalidSpec',
      nonRetryable: true,
      message: expect.stringContaining(says) as string,
    });
    expect(writes()).toEqual([]);
  });

  it('ends an update before anything else is written', async () => {
    bed = await driftedBed();
    bed.cluster.editSpec(NODE, { image: NO_IMAGE });
    await expect(bed.run('beginUpdate', BEGIN)).rejects.toMatchObject({ type: 'InvalidSpec' });
    expect(writes()).toEqual([]);
  });

  it('is no matter to a node that has its data, where another image was to fill it', async () => {
    bed = new ActivityBed();
    bed.cluster.createNode(foreignNode());
    const snapshot = { s3: { targetHeight: 5 }, bootstrapImage: V2 };
    bed.cluster.editSpec(NODE, { fullNode: { snapshot } });
    expect(await bed.run('beginInit', BEGIN)).toMatchObject({ kind: 'taking-over' });
  });
});

describe('an update of a node whose objects are known to be its own', () => {
  it('asks for none of them', async () => {
    bed = await driftedBed();
    await bed.run('beginUpdate', BEGIN);
    expect(bed.cluster.requests.of('getOwnedObjects', 'getPersistentVolumeClaim')).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    ['is gone', () => bed.cluster.removeService(NODE)],
    ['has lost its owner', () => bed.cluster.disown('services', NODE)],
  ])('asks for all of them where one %s', async (_, change) => {
    bed = await driftedBed();
    change();
    await bed.run('beginUpdate', BEGIN);
    expect(bed.cluster.requests.of('getOwnedObjects', 'getPersistentVolumeClaim')).toHaveLength(2);
  });
});

describe('what converges without a roll', () => {
  it('is not begun where an object is somebody else’s', async () => {
    bed = await runningBed();
    bed.cluster.removeService(NODE);
    bed.cluster.removeConfigMap({ ...NODE, name: 'n0-rbac-proxy-config' });
    await FOREIGN['Service']?.[0]();
    bed.cluster.requests.clear();
    await expect(bed.run('beginSync', BEGIN)).rejects.toMatchObject({ type: 'ForeignOwner' });
    expect(writes()).toEqual([]);
  });
});
