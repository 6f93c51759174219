import type { V1StatefulSet } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';

import type { ObjectKey } from '../../../domain/node/node-ref.ts';
import type { SeiNode } from '../../../domain/node/sei-node.ts';
import { SEI_NODE_TYPE } from '../../../domain/node/sei-node.ts';
import type { PodView } from '../../../domain/pod/pod-view.ts';
import type { StatefulSetView } from '../../../domain/pod/stateful-set-view.ts';
import { classifyApiError, isConflict } from '../../../kubernetes/api/errors.ts';
import type { ClusterApi } from '../../../kubernetes/cluster.ts';
import { leaseKey, mountLeaseFor } from '../../../manifests/mount-lease.ts';
import { contentOf } from './content-of.ts';

/** A cluster under test, with what others do there. No operator works in it. */
export interface ContractSubject {
  readonly api: ClusterApi;
  readonly namespace: string;
  readonly createNode: (name: string) => Promise<SeiNode>;
  readonly setImage: (node: ObjectKey, image: string) => Promise<SeiNode>;
  readonly createStatefulSet: (statefulSet: V1StatefulSet) => Promise<void>;
  /** Returns the pod that the StatefulSet controller makes, once it is there; no machine takes it. */
  readonly podOf: (node: ObjectKey) => Promise<PodView>;
}

const ANOTHER_UID = '11111111-1111-4111-8111-111111111111';

/**
 * Holds a Kubernetes API to what the activities rely on: the fake cluster in the unit tests, and the real one in the
 * e2e tests, so that the fake cannot be kinder than the real one unnoticed.
 */
export function clusterApiContract(open: () => Promise<ContractSubject>): void {
  const kindOf = async (call: Promise<unknown>) =>
    classifyApiError(await call.catch((err: unknown) => err)).kind;

  describe('getNode', () => {
    it('is undefined for a node that is not there', async () => {
      const { api, namespace } = await open();
      expect(await api.getNode({ namespace, name: 'missing' })).toBeUndefined();
    });

    it('shows a change of the spec as one generation more', async () => {
      const { api, createNode, setImage } = await open();
      const before = await createNode('generation');
      await setImage(before.metadata, 'sei:v2');
      const after = await api.getNode(before.metadata);
      expect(after?.spec.image).toBe('sei:v2');
      expect(after?.metadata.generation).toBe(before.metadata.generation + 1);
      expect(after?.metadata.resourceVersion).not.toBe(before.metadata.resourceVersion);
    });
  });

  describe('patchNodeStatus', () => {
    it('writes what differs, and is no new generation', async () => {
      const { api, createNode } = await open();
      const node = await createNode('status');
      const running = await api.patchNodeStatus(node, { phase: 'Running', currentImage: 'sei:v1' });
      const after = await api.patchNodeStatus(running, { phase: 'Running' });
      expect(after.status).toEqual({ phase: 'Running' });
      expect(after.metadata.generation).toBe(node.metadata.generation);
    });

    it('changes nothing where nothing differs', async () => {
      const { api, createNode } = await open();
      const node = await api.patchNodeStatus(await createNode('same'), { phase: 'Running' });
      expect(await api.patchNodeStatus(node, { phase: 'Running' })).toEqual(node);
    });

    it('is a conflict for a node that has changed since it was read', async () => {
      const { api, createNode, setImage } = await open();
      const node = await createNode('conflict');
      await setImage(node.metadata, 'sei:v2');
      expect(await kindOf(api.patchNodeStatus(node, { phase: 'Running' }))).toBe('conflict');
      expect((await api.getNode(node.metadata))?.status?.phase).toBeUndefined();
    });

    it('does not find a node that is not there', async () => {
      const { api, createNode } = await open();
      const node = await createNode('present');
      const missing = { ...node, metadata: { ...node.metadata, name: 'absent' } };
      expect(await kindOf(api.patchNodeStatus(missing, { phase: 'Running' }))).toBe('notFound');
    });
  });

  describe('patchNodeFinalizers', () => {
    it('replaces the finalizers, and is no new generation', async () => {
      const { api, createNode } = await open();
      const node = await createNode('finalizers');
      const held = await api.patchNodeFinalizers(node, ['sei.io/one', 'sei.io/two']);
      expect(held.metadata.finalizers).toEqual(['sei.io/one', 'sei.io/two']);
      expect(held.metadata.generation).toBe(node.metadata.generation);
      const free = await api.patchNodeFinalizers(held, []);
      expect(free.metadata.finalizers ?? []).toEqual([]);
    });

    it('is a conflict for a node that has changed since it was read', async () => {
      const { api, createNode, setImage } = await open();
      const node = await createNode('finalizer-conflict');
      await setImage(node.metadata, 'sei:v2');
      expect(await kindOf(api.patchNodeFinalizers(node, ['sei.io/one']))).toBe('conflict');
      expect((await api.getNode(node.metadata))?.metadata.finalizers ?? []).toEqual([]);
    });
  });

  describe('applyStatefulSet', () => {
    it('creates what is missing, and changes nothing the second time', async () => {
      const { api, namespace } = await open();
      const key = { namespace, name: 'twice' };
      expect(await api.getStatefulSet(key)).toBeUndefined();
      const once = await api.applyStatefulSet(statefulSet(key), undefined);
      const again = await api.applyStatefulSet(statefulSet(key), once.uid);
      expect([once.generation, again.generation]).toEqual([1, 1]);
      expect(again.uid).toBe(once.uid);
    });

    it('counts a generation for each change, back and forth', async () => {
      const { api, namespace } = await open();
      const key = { namespace, name: 'changes' };
      const { uid } = await api.applyStatefulSet(statefulSet(key), undefined);
      const changed = await api.applyStatefulSet(statefulSet(key, { image: 'sei:v2' }), uid);
      const back = await api.applyStatefulSet(statefulSet(key), uid);
      expect([changed.generation, back.generation]).toEqual([2, 3]);
      expect([changed.templateImage, back.templateImage]).toEqual(['sei:v2', 'sei:v1']);
    });

    it('is a conflict, and creates nothing, when the one of that UID is missing', async () => {
      const { api, namespace } = await open();
      const key = { namespace, name: 'gone' };
      expect(await kindOf(api.applyStatefulSet(statefulSet(key), ANOTHER_UID))).toBe('conflict');
      expect(await api.getStatefulSet(key)).toBeUndefined();
    });

    it('is a conflict, and changes nothing, when another one has the name', async () => {
      const { api, namespace } = await open();
      const key = { namespace, name: 'other' };
      await api.applyStatefulSet(statefulSet(key), undefined);
      const change = statefulSet(key, { image: 'sei:v2' });
      expect(await kindOf(api.applyStatefulSet(change, ANOTHER_UID))).toBe('conflict');
      expect((await api.getStatefulSet(key))?.templateImage).toBe('sei:v1');
    });

    it('cannot change what is immutable', async () => {
      const { api, namespace } = await open();
      const key = { namespace, name: 'immutable' };
      const { uid } = await api.applyStatefulSet(statefulSet(key), undefined);
      const change = statefulSet(key, { serviceName: 'elsewhere' });
      expect(await kindOf(api.applyStatefulSet(change, uid))).toBe('invalid');
    });

    it('cannot turn one that rolls on its own into one that does not', async () => {
      const { api, namespace, createStatefulSet } = await open();
      const key = { namespace, name: 'rolling' };
      const strategy = { type: 'RollingUpdate', rollingUpdate: { partition: 0 } };
      await createStatefulSet(statefulSet(key, { updateStrategy: strategy }));
      expect(await kindOf(api.applyStatefulSet(statefulSet(key), undefined))).toBe('invalid');
    });

    it('cannot take one from the controller that has it', async () => {
      const { api, namespace, createStatefulSet } = await open();
      const key = { namespace, name: 'controlled' };
      await createStatefulSet(statefulSet(key, { owner: 'one' }));
      const taking = statefulSet(key, { owner: 'another' });
      expect(await kindOf(api.applyStatefulSet(taking, undefined))).toBe('invalid');
    });
  });

  describe('turnToOnDelete', () => {
    it('makes one that rolls on its own one that can be applied', async () => {
      const { api, namespace, createStatefulSet } = await open();
      const key = { namespace, name: 'turned' };
      const strategy = { type: 'RollingUpdate', rollingUpdate: { partition: 0 } };
      await createStatefulSet(statefulSet(key, { updateStrategy: strategy }));
      await atItsVersion(api, key, (found) => api.turnToOnDelete(found));
      const applied = await api.applyStatefulSet(statefulSet(key), undefined);
      expect(applied.updateStrategy).toBe('OnDelete');
    });
  });

  describe('deleteStatefulSet', () => {
    it('deletes the very one that was read', async () => {
      const { api, namespace } = await open();
      const key = { namespace, name: 'leaving' };
      await api.applyStatefulSet(statefulSet(key), undefined);
      await atItsVersion(api, key, (found) => api.deleteStatefulSet(found));
      expect(await api.getStatefulSet(key)).toBeUndefined();
    });

    it.each([
      ['another UID', { uid: ANOTHER_UID }],
      ['another version', { resourceVersion: '0' }],
    ])('is a conflict, and deletes nothing, for %s', async (_, parts) => {
      const { api, namespace } = await open();
      const key = { namespace, name: `staying-${Object.keys(parts)[0]?.toLowerCase()}` };
      const applied = await api.applyStatefulSet(statefulSet(key), undefined);
      expect(await kindOf(api.deleteStatefulSet({ ...applied, ...parts }))).toBe('conflict');
      expect((await api.getStatefulSet(key))?.uid).toBe(applied.uid);
    });

    it('does not find one that is not there', async () => {
      const { api, namespace } = await open();
      const missing = { namespace, name: 'missing', uid: ANOTHER_UID, resourceVersion: '1' };
      expect(await kindOf(api.deleteStatefulSet(missing))).toBe('notFound');
    });
  });

  describe('getOwnedObjects', () => {
    it('finds what is there, each under its own name, and misses nothing else', async () => {
      const { api, namespace } = await open();
      const metadata = { namespace, name: 'owned', labels: { 'sei.io/node': 'owned' } };
      const configMap = { ...metadata, name: 'owned-config' };
      const names = { namespace, name: 'owned', configMap: 'owned-config' };
      expect(await api.getOwnedObjects(names)).toEqual({});
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { clusterIP: 'None', ports: [{ name: 'rpc', port: 26657 }] },
      };
      await api.applyService(service, await api.createService(service));
      const map = {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: configMap,
        data: { key: 'value' },
      };
      await api.applyConfigMap(map, await api.createConfigMap(map));
      const found = await api.getOwnedObjects(names);
      expect(found.statefulSet).toBeUndefined();
      expect(found.service).toMatchObject({ name: 'owned', node: 'owned', isApplied: true });
      expect(contentOf(found.configMap)).toMatchObject({ data: { key: 'value' } });
    });
  });

  describe('getPod', () => {
    it('finds a pod by its name, or nothing', async () => {
      const { api, namespace, podOf } = await open();
      const key = { namespace, name: 'looked-up' };
      await api.applyStatefulSet(statefulSet(key), undefined);
      const { name, uid } = await podOf(key);
      expect(await api.getPod({ namespace, name })).toMatchObject({ name, uid, node: 'looked-up' });
      expect(await api.getPod(key)).toBeUndefined();
    });
  });

  describe('adoptObject', () => {
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', controller: true };
    const ownerReferences = [{ ...owner, name: 'new', uid: ANOTHER_UID }];
    const claimOf = (namespace: string, name: string) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        namespace,
        name,
        labels: { its: 'own' },
        ownerReferences: [{ ...owner, name: 'old', uid: 'old' }],
      },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    /** Creates the object of the name, as it is adopted. */
    const created = async (api: ClusterApi, namespace: string, name: string) => {
      await api.createPersistentVolumeClaim(claimOf(namespace, name));
      const { metadata } = (await api.getPersistentVolumeClaim({ namespace, name })) ?? {};
      const { uid = '', resourceVersion = '' } = metadata ?? {};
      return { kind: 'PersistentVolumeClaim', namespace, name, uid, resourceVersion } as const;
    };

    it('replaces all owners, and adds labels to those that are there', async () => {
      const { api, namespace } = await open();
      const claim = await created(api, namespace, 'adopted');
      await api.adoptObject(claim, { ownerReferences, labels: { more: 'ours' } });
      expect((await api.getPersistentVolumeClaim(claim))?.metadata).toMatchObject({
        uid: claim.uid,
        labels: { its: 'own', more: 'ours' },
        ownerReferences: [{ name: 'new' }],
      });
    });

    it('lets an apply name the only controller from then on', async () => {
      const { api, namespace, createStatefulSet } = await open();
      const key = { namespace, name: 'handed-on' };
      await createStatefulSet(statefulSet(key, { owner: 'one' }));
      const { uid = '', resourceVersion = '' } = (await api.getStatefulSet(key)) ?? {};
      const found = { kind: 'StatefulSet', ...key, uid, resourceVersion } as const;
      const taking = statefulSet(key, { owner: ANOTHER_UID });
      await api.adoptObject(found, {
        ownerReferences: taking.metadata?.ownerReferences ?? [],
      });
      const applied = await api.applyStatefulSet(taking, uid);
      expect(applied.owners.map(({ uid: of }) => of)).toEqual([ANOTHER_UID]);
    });

    it.each([
      ['another UID', { uid: ANOTHER_UID }],
      ['another version', { resourceVersion: '2' }],
    ])('is a conflict, and changes nothing, for %s', async (_, parts) => {
      const { api, namespace } = await open();
      const name = `kept-${Object.keys(parts)[0]?.toLowerCase()}`;
      const claim = await created(api, namespace, name);
      const adoption = api.adoptObject({ ...claim, ...parts }, { ownerReferences });
      expect(await kindOf(adoption)).toBe('conflict');
      expect((await api.getPersistentVolumeClaim(claim))?.metadata?.ownerReferences).toMatchObject([
        { name: 'old' },
      ]);
    });

    it('does not find one that is not there', async () => {
      const { api, namespace } = await open();
      const key = { namespace, name: 'nowhere', uid: ANOTHER_UID, resourceVersion: '1' };
      const adoption = api.adoptObject({ kind: 'ConfigMap', ...key }, { ownerReferences });
      expect(await kindOf(adoption)).toBe('notFound');
    });
  });

  describe('listPodsWithClaim', () => {
    it('finds the pod that uses the claim, and no other', async () => {
      const { api, namespace, podOf } = await open();
      const key = { namespace, name: 'using' };
      await api.applyStatefulSet(statefulSet(key, { claim: 'used' }), undefined);
      const pod = await podOf(key);
      const uids = async (name: string) =>
        (await api.listPodsWithClaim({ namespace, name })).map(({ uid }) => uid);
      expect(await uids('used')).toEqual([pod.uid]);
      expect(await uids('using')).toEqual([]);
    });
  });

  describe('dryRunPod', () => {
    it('is content with a pod whose name is taken, and changes nothing', async () => {
      const { api, namespace, podOf } = await open();
      const key = { namespace, name: 'tried' };
      await api.applyStatefulSet(statefulSet(key), undefined);
      const pod = await podOf(key);
      const nextPod = (await api.getStatefulSet(key))?.nextPod;
      expect(nextPod?.metadata?.name).toBe(pod.name);
      if (nextPod !== undefined) await api.dryRunPod(nextPod);
      expect((await api.listPods(key)).map(({ uid }) => uid)).toEqual([pod.uid]);
    });
  });

  describe.each(['Service', 'ConfigMap'] as const)('apply%s', (kind) => {
    const writesOf = (api: ClusterApi) =>
      kind === 'Service'
        ? {
            apply: (object: object, uid: string) => api.applyService(object, uid),
            create: (object: object) => api.createService(object),
          }
        : {
            apply: (object: object, uid: string) => api.applyConfigMap(object, uid),
            create: (object: object) => api.createConfigMap(object),
          };
    const objectOf = (namespace: string, name: string) => ({
      apiVersion: 'v1',
      kind,
      metadata: { namespace, name, labels: { 'sei.io/node': name, more: 'label' } },
      ...(kind === 'Service' && {
        spec: { clusterIP: 'None', ports: [{ name: 'rpc', port: 26657 }] },
      }),
    });
    const foundIn = async (api: ClusterApi, namespace: string, name: string) => {
      const found = await api.getOwnedObjects({ namespace, name, configMap: name });
      return kind === 'Service' ? found.service : found.configMap;
    };

    it('creates one that an apply fills', async () => {
      const { api, namespace } = await open();
      const { apply, create } = writesOf(api);
      const object = objectOf(namespace, `filled-${kind.toLowerCase()}`);
      const uid = await create(object);
      await apply(object, uid);
      const found = await foundIn(api, namespace, object.metadata.name);
      expect(found).toMatchObject({ uid, isApplied: true });
      expect(contentOf(found)).toMatchObject({
        metadata: { labels: object.metadata.labels },
      });
    });

    it('does not create what is there', async () => {
      const { api, namespace } = await open();
      const { create } = writesOf(api);
      const object = objectOf(namespace, `there-${kind.toLowerCase()}`);
      await create(object);
      expect(await kindOf(create(object))).toBe('alreadyExists');
    });

    it('is a conflict for another object of the name, and for one that is missing', async () => {
      const { api, namespace } = await open();
      const { apply, create } = writesOf(api);
      const object = objectOf(namespace, `another-${kind.toLowerCase()}`);
      expect(await kindOf(apply(object, ANOTHER_UID))).toBe('conflict');
      await create(object);
      expect(await kindOf(apply(object, ANOTHER_UID))).toBe('conflict');
      expect(await foundIn(api, namespace, object.metadata.name)).toMatchObject({
        isApplied: false,
      });
    });
  });

  describe('a Lease of a mount', () => {
    const MOUNT = { kind: 'Secret', name: 'signing', field: 'spec.validator' } as const;

    it('is created once, and found by its name and by its node', async () => {
      const { api, createNode } = await open();
      const node = await createNode('leasing');
      const key = leaseKey(node, MOUNT);
      expect(await api.getMountLease(key)).toBeUndefined();
      await api.createMountLease(mountLeaseFor(node, MOUNT));
      expect(await kindOf(api.createMountLease(mountLeaseFor(node, MOUNT)))).toBe('alreadyExists');
      const lease = await api.getMountLease(key);
      const { name, uid } = node.metadata;
      expect(lease?.holder).toEqual({ name, uid });
      expect(await api.listMountLeases(node.metadata)).toEqual([lease]);
      if (lease === undefined) return;
      expect(await kindOf(api.deleteMountLease({ ...lease, uid: ANOTHER_UID }))).toBe('conflict');
      await api.deleteMountLease(lease);
      expect(await api.getMountLease(key)).toBeUndefined();
    });
  });

  describe('listMountUsers', () => {
    it('finds what a StatefulSet and its pod mount, and none at zero', async () => {
      const { api, namespace, podOf } = await open();
      const key = { namespace, name: 'mounting' };
      const secretName = 'signing-of-mounting';
      const mounting = async () =>
        (await api.listMountUsers(namespace)).filter(({ node }) => node === key.name);
      await api.applyStatefulSet(statefulSet(key, { secretName }), undefined);
      await podOf(key);
      const user = { node: key.name, secrets: [secretName], claims: [] };
      expect(await mounting()).toEqual([user, user]);
      await api.applyStatefulSet(statefulSet(key, { secretName, replicas: 0 }), undefined);
      expect((await mounting()).length).toBeLessThan(2);
    });
  });

  describe('deletePod', () => {
    it('deletes the very pod that was read', async () => {
      const { api, namespace, podOf } = await open();
      const key = { namespace, name: 'deleted' };
      await api.applyStatefulSet(statefulSet(key), undefined);
      const pod = await podOf(key);
      await api.deletePod(pod, 120);
      expect((await api.listPods(key)).map(({ uid }) => uid)).not.toContain(pod.uid);
    });

    it.each([
      ['another UID', { uid: ANOTHER_UID }],
      ['another version', { resourceVersion: '1' }],
    ])('is a conflict, and deletes nothing, for %s', async (_, parts) => {
      const { api, namespace, podOf } = await open();
      const key = { namespace, name: `kept-${Object.keys(parts)[0]?.toLowerCase()}` };
      await api.applyStatefulSet(statefulSet(key), undefined);
      const pod = await podOf(key);
      expect(await kindOf(api.deletePod({ ...pod, ...parts }, 120))).toBe('conflict');
      expect((await api.listPods(key)).map(({ uid }) => uid)).toEqual([pod.uid]);
    });

    it('does not find a pod that is not there', async () => {
      const { api, namespace } = await open();
      const missing = { namespace, name: 'missing-0', uid: ANOTHER_UID, resourceVersion: '1' };
      expect(await kindOf(api.deletePod(missing, 120))).toBe('notFound');
    });
  });

  describe('the other objects', () => {
    it('creates a claim once', async () => {
      const { api, namespace } = await open();
      const key = { namespace, name: 'claim' };
      const claim = {
        metadata: key,
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      };
      expect(await api.getPersistentVolumeClaim(key)).toBeUndefined();
      await api.createPersistentVolumeClaim(claim);
      expect(await kindOf(api.createPersistentVolumeClaim(claim))).toBe('alreadyExists');
      expect((await api.getPersistentVolumeClaim(key))?.metadata?.name).toBe('claim');
    });

    it('deletes the very claim that was read', async () => {
      const { api, namespace } = await open();
      const key = { namespace, name: 'claim-to-go' };
      await api.createPersistentVolumeClaim({
        metadata: key,
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      });
      const { uid = '', resourceVersion = '' } =
        (await api.getPersistentVolumeClaim(key))?.metadata ?? {};
      const version = { ...key, uid, resourceVersion };
      const another = { ...version, uid: ANOTHER_UID };
      expect(await kindOf(api.deletePersistentVolumeClaim(another))).toBe('conflict');
      await api.deletePersistentVolumeClaim(version);
      // The claim stays, on its way out, until nothing protects it any more.
      const left = await api.getPersistentVolumeClaim(key);
      expect(left === undefined || left.metadata?.deletionTimestamp !== undefined).toBe(true);
    });

    it('lists the Events of the very object that is asked about', async () => {
      const { api, createNode } = await open();
      const { metadata } = await createNode('talked-about');
      const { namespace, name, uid } = metadata;
      const about = { kind: 'Pod', namespace, name, uid } as const;
      expect(await api.listEvents(about)).toEqual([]);
      await api.createEvent({
        about: { ...SEI_NODE_TYPE, namespace, name, uid },
        name: 'talked-about.1',
        type: 'Warning',
        reason: 'Tried',
        message: 'm',
        at: '2026-01-01T12:00:00.000Z',
      });
      expect(await api.listEvents(about)).toMatchObject([
        { isWarning: true, reason: 'Tried', message: 'm' },
      ]);
      expect(await api.listEvents({ ...about, uid: ANOTHER_UID })).toEqual([]);
    });

    it('takes an event that is there for success', async () => {
      const { api, createNode } = await open();
      const { metadata } = await createNode('eventful');
      const event = {
        about: { ...SEI_NODE_TYPE, ...metadata },
        name: 'eventful.1',
        type: 'Normal',
        reason: 'Tried',
        message: 'm',
        at: '2026-01-01T12:00:00.000Z',
      } as const;
      await api.createEvent(event);
      expect(await api.createEvent(event)).toBeUndefined();
    });
  });
}

/** Repeats a write that names a version: the object's controller may write after the read. */
async function atItsVersion(
  api: ClusterApi,
  key: ObjectKey,
  act: (found: StatefulSetView) => Promise<void>,
): Promise<void> {
  for (;;) {
    const found = await api.getStatefulSet(key);
    if (found === undefined) throw new Error(`there is no StatefulSet ${key.name}`);
    try {
      await act(found);
      return;
    } catch (err) {
      if (!isConflict(err)) throw err;
    }
  }
}

interface StatefulSetParts {
  readonly image?: string;
  readonly serviceName?: string;
  readonly replicas?: number;
  /** The Secret that the pod mounts. */
  readonly secretName?: string;
  readonly updateStrategy?: NonNullable<V1StatefulSet['spec']>['updateStrategy'];
  /** The UID of the controller. */
  readonly owner?: string;
  /** The claim that its pod uses. */
  readonly claim?: string;
}

function statefulSet(key: ObjectKey, parts: StatefulSetParts = {}): V1StatefulSet {
  const labels = { 'sei.io/node': key.name };
  const { image = 'sei:v1', serviceName = key.name, owner, claim } = parts;
  const { updateStrategy = { type: 'OnDelete' }, replicas = 1, secretName } = parts;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: {
      ...key,
      labels,
      ...(owner !== undefined && {
        ownerReferences: [
          { apiVersion: 'v1', kind: 'ConfigMap', name: owner, uid: owner, controller: true },
        ],
      }),
    },
    spec: {
      replicas,
      serviceName,
      selector: { matchLabels: labels },
      updateStrategy,
      template: {
        metadata: { labels },
        spec: {
          nodeSelector: { none: 'none' },
          containers: [{ name: 'seid', image }],
          ...(secretName !== undefined && { volumes: [{ name: 'key', secret: { secretName } }] }),
          ...(claim !== undefined && {
            volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }],
          }),
        },
      },
    },
  };
}
