import type { V1OwnerReference } from '@kubernetes/client-node';
import { describe, expect } from 'vitest';

import { findCondition } from '../../domain/node/condition.ts';
import { eventually } from '../support/eventually.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { untilEvent } from '../support/testbed/node-events.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V1 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';

/** An object of a backup. */
interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly V1OwnerReference[];
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
}

const EARLIER_UID = '11111111-1111-4111-8111-111111111111';

const it = testbedTest('restore', ['worker', 'watcher']);

describe('a claim that was restored without owner and labels', () => {
  it('is adopted with its data, which goes with the node from then on', async ({ bed }) => {
    const uid = await create(bed, claimOf('bare'));
    const { metadata } = await bed.nodes.createRunning('bare', V1);
    expect(await identityOf(bed, 'pvc/data-bare')).toEqual({ uid, owners: [metadata.uid] });
    expect((await untilEvent(bed, 'bare', 'DataVolumeAdopted')).message).toContain('data-bare');
    await bed.nodes.delete('bare');
    await bed.nodes.untilGone({ metadata });
    await untilMissing(bed, 'pvc/data-bare');
  });
});

describe('all that a node consists of', () => {
  it.for<{ owners: string; node: string; restored: (one: Manifest) => Manifest }>([
    {
      owners: 'without owners',
      node: 'ownerless',
      restored: (one) => withOwners(one, []),
    },
    {
      // The collector does not know a kind of this version, and leaves what names it: as if it were late.
      owners: 'with the owner of before',
      node: 'owned-before',
      restored: (one) => withOwners(one, [ownerOf('owned-before', 'sei.io/v1alpha0')]),
    },
  ])(
    'is taken up as it was restored $owners, for a node without its status',
    async ({ node, restored }, { bed }) => {
      const backup = await backupOf(bed, node);
      const uids = new Map<string, string>();
      for (const one of backup) uids.set(pathOf(one), await create(bed, restored(one)));
      await bed.pods.until(
        podNameOf(node),
        'it was made for the restored one',
        (pod) => bed.pods.uids(node).indexOf(pod.metadata.uid) === 1,
      );
      const { metadata, status } = await bed.nodes.createRunning(node, V1);
      await bed.runs.closed(bed.key(node));

      for (const [path, uid] of uids) {
        expect({ path, ...(await identityOf(bed, path)) }).toEqual({
          path,
          uid,
          owners: [metadata.uid],
        });
      }
      expect(status?.statefulSet?.uid).toBe(uids.get(`statefulset/${node}`));
      expect(bed.pods.uids(node)).toHaveLength(2);
      await untilEvent(bed, node, 'StatefulSetAdopted');
      await untilEvent(bed, node, 'DataVolumeAdopted');
    },
  );

  it('is collected by Kubernetes where it names a node that is gone, whatever we do', async ({
    bed,
  }) => {
    const claim = withOwners(claimOf('collected'), [ownerOf('collected', 'sei.io/v1alpha1')]);
    await create(bed, claim);
    await untilMissing(bed, 'pvc/data-collected');
  });
});

/** An object that may not be the node's data or its objects, and that the operator leaves to its owner. */
interface Doubt {
  readonly what: string;
  readonly node: string;
  /** @returns the objects that are there before the node, the one that it is about first */
  readonly make: (bed: Testbed, node: string) => Promise<readonly string[]>;
  readonly says: string;
}

const DOUBTS: readonly Doubt[] = [
  {
    what: "a claim with another application's labels",
    node: 'web',
    make: async (bed, node) => {
      await create(bed, withLabels(claimOf(node), { app: 'web' }));
      return [`pvc/data-${node}`];
    },
    says: 'PersistentVolumeClaim data-web exists and is not of this SeiNode (labels app=web)',
  },
  {
    what: "a claim with another node's label",
    node: 'labelled',
    make: async (bed, node) => {
      await create(bed, withLabels(claimOf(node), { 'sei.io/node': 'another' }));
      return [`pvc/data-${node}`];
    },
    says: 'is not of this SeiNode (label sei.io/node=another)',
  },
  {
    what: 'a claim of another controller',
    node: 'controlled',
    make: async (bed, node) => {
      const uid = await create(bed, configMapOf('controller'));
      const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'controller', uid };
      await create(bed, withOwners(claimOf(node), [{ ...owner, controller: true }]));
      return [`pvc/data-${node}`];
    },
    says: 'PersistentVolumeClaim data-controlled exists and belongs to ConfigMap controller',
  },
  {
    what: 'a claim that a pod of somebody else uses',
    node: 'used',
    make: async (bed, node) => {
      await create(bed, claimOf(node));
      await create(bed, podWith('copy-of-data', `data-${node}`));
      return [`pvc/data-${node}`];
    },
    says: 'Pod copy-of-data, which is not of this SeiNode, uses it',
  },
  {
    what: 'a StatefulSet of another application, beside a claim that could be adopted',
    node: 'app',
    make: async (bed, node) => {
      await create(bed, statefulSetOf(node, { app: 'web' }));
      await create(bed, claimOf(node));
      return [`statefulset/${node}`, `pvc/data-${node}`];
    },
    says: 'StatefulSet app exists and is not of this SeiNode',
  },
  {
    what: 'a ConfigMap of another application, beside a claim that could be adopted',
    node: 'map',
    make: async (bed, node) => {
      await create(bed, configMapOf(`${node}-rbac-proxy-config`));
      await create(bed, claimOf(node));
      return [`configmap/${node}-rbac-proxy-config`, `pvc/data-${node}`];
    },
    says: 'ConfigMap map-rbac-proxy-config exists and is not of this SeiNode',
  },
];

describe('what is doubtful', () => {
  it.for(DOUBTS)(
    '$what is left as it is, and nothing else is made',
    async ({ node, make, says }, { bed }) => {
      const paths = await make(bed, node);
      await untilBound(bed, node);
      const before = await Promise.all(paths.map((path) => jsonOf(bed, path)));
      await bed.nodes.create(node, { image: V1 });
      const stalled = await untilForeign(bed, node);
      expect(findCondition(stalled.status?.conditions, 'Stalled')?.message).toContain(says);
      expect(await Promise.all(paths.map((path) => jsonOf(bed, path)))).toEqual(before);
      const kinds = ['pvc', 'service', 'statefulset', 'configmap'];
      const named = [`pvc/data-${node}`, `service/${node}`, `statefulset/${node}`];
      const found = await bed.kubectl(['get', kinds.join(','), '-o', 'name']);
      const own = [...named, `configmap/${node}-rbac-proxy-config`].filter((path) =>
        found.split('\n').some((line) => line.endsWith(longNameOf(path))),
      );
      expect(own.toSorted()).toEqual(paths.toSorted());
    },
  );

  it('is adopted once somebody says that it is the node’s', async ({ bed }) => {
    const uid = await create(bed, withLabels(claimOf('mended'), { app: 'web' }));
    await bed.nodes.create('mended', { image: V1 });
    await untilForeign(bed, 'mended');
    await bed.kubectl(['label', 'pvc/data-mended', 'sei.io/node=mended']);
    // Nobody watches claims: `seinode retry` does the same.
    await bed.nodes.patchSpec('mended', { podLabels: { a: 'b' } });
    const { metadata } = await bed.nodes.untilSettledOn('mended', V1);
    expect(await identityOf(bed, 'pvc/data-mended')).toEqual({ uid, owners: [metadata.uid] });
  });
});

describe('a claim that another node has as its data', () => {
  it('is not imported', async ({ bed }) => {
    const { metadata } = await bed.nodes.createRunning('holder', V1);
    const dataVolume = { import: { pvcName: 'data-holder' } };
    await bed.nodes.create('importer', { image: V1, dataVolume });
    const stalled = await untilForeign(bed, 'importer');
    expect(findCondition(stalled.status?.conditions, 'Stalled')?.message).toContain(
      'belongs to SeiNode holder, which has it as its data',
    );
    expect(bed.statefulSets.uids('importer')).toEqual([]);
    expect((await identityOf(bed, 'pvc/data-holder')).owners).toEqual([metadata.uid]);
  });
});

/** Returns a backup of the objects of a node that are gone since. */
async function backupOf(bed: Testbed, node: string): Promise<readonly Manifest[]> {
  const { metadata } = await bed.nodes.createRunning(node, V1);
  await bed.runs.closed(bed.key(node));
  const paths = [`pvc/data-${node}`, `configmap/${node}-rbac-proxy-config`, `service/${node}`];
  paths.push(`statefulset/${node}`);
  const backup = await Promise.all(
    paths.map(async (path) => JSON.parse(await jsonOf(bed, path)) as Manifest),
  );
  await bed.nodes.delete(node);
  await bed.nodes.untilGone({ metadata });
  for (const path of [...paths, `pod/${podNameOf(node)}`]) await untilMissing(bed, path);
  return backup.map(({ apiVersion, kind, metadata: { name, labels }, spec, data }) => {
    const { volumeName: _volume, ...kept } = spec ?? {};
    const meta = { name, ...(labels && { labels }) };
    return {
      apiVersion,
      kind,
      metadata: meta,
      ...(spec && { spec: kept }),
      ...(data !== undefined && { data }),
    };
  });
}

/**
 * Creates an object that was not there. Applies it under the earlier field manager, since a backup tool restores the
 * managed fields as well.
 *
 * @returns the UID
 */
async function create(bed: Testbed, object: Manifest): Promise<string> {
  const apply = ['apply', '--server-side', '--field-manager=seinode-controller'];
  const isPlain = object.metadata.labels?.['sei.io/node'] === undefined;
  const args = isPlain ? ['create'] : apply;
  return bed.kubectl([...args, '-f', '-', '-o', 'jsonpath={.metadata.uid}'], {
    input: JSON.stringify(object),
  });
}

function claimOf(node: string): Manifest {
  const resources = { requests: { storage: '1Gi' } };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: `data-${node}` },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'standard', resources },
  };
}

function configMapOf(name: string): Manifest {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { its: 'own' } };
}

function statefulSetOf(name: string, labels: Readonly<Record<string, string>>): Manifest {
  const template = {
    metadata: { labels },
    spec: { nodeSelector: { none: 'none' }, containers: [{ name: 'web', image: 'web' }] },
  };
  const selector = { matchLabels: labels };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, labels },
    spec: { replicas: 0, serviceName: name, selector, template },
  };
}

/** Makes a pod that no machine takes, and that yet holds the claim. */
function podWith(name: string, claimName: string): Manifest {
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName } }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      nodeSelector: { none: 'none' },
      containers: [{ name: 'copy', image: 'copy' }],
      volumes,
    },
  };
}

function withOwners(object: Manifest, ownerReferences: readonly V1OwnerReference[]): Manifest {
  return { ...object, metadata: { ...object.metadata, ownerReferences } };
}

function withLabels(object: Manifest, labels: Readonly<Record<string, string>>): Manifest {
  return { ...object, metadata: { ...object.metadata, labels } };
}

function ownerOf(name: string, apiVersion: string): V1OwnerReference {
  return { apiVersion, kind: 'SeiNode', name, uid: EARLIER_UID, controller: true };
}

function pathOf({ kind, metadata: { name } }: Manifest): string {
  return kind === 'PersistentVolumeClaim' ? `pvc/${name}` : `${kind.toLowerCase()}/${name}`;
}

/** Returns the name of an object in a list of kubectl, with the kind and its group written out. */
function longNameOf(path: string): string {
  return path
    .replace('pvc/', 'persistentvolumeclaim/')
    .replace('statefulset/', 'statefulset.apps/');
}

function jsonOf(bed: Testbed, path: string): Promise<string> {
  return bed.kubectl(['get', path, '-o', 'json']);
}

async function identityOf(bed: Testbed, path: string) {
  const { metadata } = JSON.parse(await jsonOf(bed, path)) as {
    readonly metadata: { readonly uid: string; readonly ownerReferences?: V1OwnerReference[] };
  };
  const owners = (metadata.ownerReferences ?? []).map(({ uid }) => uid);
  return { uid: metadata.uid, owners };
}

async function untilMissing(bed: Testbed, path: string): Promise<void> {
  await eventually(`${path} is gone`, async () => {
    return (await bed.kubectl(['get', path, '-o', 'name', '--ignore-not-found'])) === '';
  });
}

/** Waits until the claim is bound: until then Kubernetes itself writes to it. */
async function untilBound(bed: Testbed, node: string): Promise<void> {
  const args = ['get', `pvc/data-${node}`, '-o', 'jsonpath={.status.phase}', '--ignore-not-found'];
  await eventually(`data-${node} is bound`, async () => (await bed.kubectl(args)) === 'Bound');
}

function untilForeign(bed: Testbed, node: string) {
  return bed.nodes.until(
    node,
    'it says that something is not its own',
    (version) => conditionOf(version, 'Stalled') === 'True/ForeignOwner',
  );
}
