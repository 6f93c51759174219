import type { V1ConfigMap, V1Lease, V1Service, V1StatefulSet } from '@kubernetes/client-node';

import type { ObjectKey, ObjectVersion, OwnedNames } from '../../../domain/node/node-ref.ts';
import type { SeiNodeStatus } from '../../../domain/node/sei-node-status.ts';
import { FIELD_MANAGER, NODE_LABEL } from '../../../domain/node/sei-node.ts';
import type { SeiNode } from '../../../domain/node/sei-node.ts';
import { asUidConflict } from '../../../kubernetes/api/uid-conflict.ts';
import type {
  AdoptedMetadata,
  ClusterApi,
  FoundVersion,
  OwnedObjects,
} from '../../../kubernetes/cluster.ts';
import { statusPatch } from '../../../kubernetes/status-patch.ts';
import { liveObject } from '../../../kubernetes/views/live-object.ts';
import { mountLease } from '../../../kubernetes/views/mount-lease.ts';
import { mountUserOfPod, mountUserOfStatefulSet } from '../../../kubernetes/views/mount-user.ts';
import { nextPodOf } from '../../../kubernetes/views/next-pod.ts';
import { podView } from '../../../kubernetes/views/pod-view.ts';
import { statefulSetView } from '../../../kubernetes/views/stateful-set-view.ts';
import type { Admission } from './admission.ts';
import { applyTo, validateStatefulSet } from './apply.ts';
import { mergePatched } from './merge-patched.ts';
import type { ObjectTable, TableObject } from './object-table.ts';
import { keyOfObject } from './object-table.ts';
import type { PlainClaim, PlainLease, PlainPod, PlainStatefulSet } from './plain.ts';
import { conflict, invalid } from './refusals.ts';
import type { RequestLog } from './request-log.ts';
import type { Tables } from './tables.ts';

/** A pod's own grace where its spec names none, as the API server defaults it. */
const GRACE_SECONDS = 30;

const PVC_PROTECTION = 'kubernetes.io/pvc-protection';

/** Makes the Kubernetes API over tables in memory, with the refusals of the real one. */
export function fakeApi(
  tables: Tables,
  requests: RequestLog,
  now: () => Date,
  admission: Admission,
): ClusterApi {
  const { nodes, statefulSets, services, configMaps, claims, secrets, leases, events } = tables;
  return {
    getNode: (key) => requests.perform('getNode', key, () => nodes.get(key)),
    listNodes: (namespace) =>
      requests.perform('listNodes', { namespace, name: '' }, () =>
        nodes.all().filter(({ metadata }) => metadata.namespace === namespace),
      ),
    patchNodeStatus: (before, status) =>
      requests.perform('patchNodeStatus', before.metadata, () => {
        const { namespace, name, resourceVersion } = before.metadata;
        const live = nodes.read({ namespace, name });
        if (live.metadata.resourceVersion !== resourceVersion) {
          throw conflict(nodes.kind, name, 'the object has been modified');
        }
        return nodes.update(live.metadata, (node) => patched(node, before, status));
      }),

    patchNodeFinalizers: (before, finalizers) =>
      requests.perform('patchNodeFinalizers', before.metadata, () => {
        const { namespace, name, resourceVersion } = before.metadata;
        const live = nodes.read({ namespace, name });
        if (live.metadata.resourceVersion !== resourceVersion) {
          throw conflict(nodes.kind, name, 'the object has been modified');
        }
        const metadata = { ...live.metadata, finalizers };
        if (metadata.deletionTimestamp !== undefined && finalizers.length === 0) {
          nodes.remove(live.metadata);
          return { ...live, metadata };
        }
        return nodes.update(live.metadata, (node) => ({ ...node, metadata }));
      }),

    getStatefulSet: (key) =>
      requests.perform('getStatefulSet', key, () => {
        const found = statefulSets.get(key);
        return found && { ...statefulSetView(found), nextPod: nextPodOf(found as V1StatefulSet) };
      }),
    applyStatefulSet: (desired, uid) =>
      requests.perform('applyStatefulSet', keyOfObject(desired), () => {
        requireUid(statefulSets, keyOfObject(desired), uid);
        return statefulSetView(applyTo(statefulSets, desired, validateStatefulSet));
      }),

    turnToOnDelete: (version) =>
      requests.perform('turnToOnDelete', version, () => {
        statefulSets.readExactly(version);
        statefulSets.update(version, (live) => {
          const updateStrategy = { type: 'OnDelete' };
          return live.spec === undefined
            ? live
            : { ...live, spec: { ...live.spec, updateStrategy } };
        });
      }),
    deleteStatefulSet: (version) =>
      requests.perform('deleteStatefulSet', version, () => {
        deleteStatefulSet(tables, version, now());
      }),

    getOwnedObjects: ({ namespace, name, configMap }) =>
      requests.perform('getOwnedObjects', { namespace, name }, () =>
        ownedObjects(tables, { namespace, name, configMap }),
      ),

    applyService: (desired, uid) =>
      requests.perform('applyService', keyOfObject(desired), () => {
        requireUid(services, keyOfObject(desired), uid);
        applyTo(services, asApplied(desired));
      }),
    applyConfigMap: (desired, uid) =>
      requests.perform('applyConfigMap', keyOfObject(desired), () => {
        requireUid(configMaps, keyOfObject(desired), uid);
        applyTo(configMaps, asApplied(desired));
      }),
    createService: (desired) =>
      requests.perform('createService', keyOfObject(desired), () => created(services, desired)),
    createConfigMap: (desired) =>
      requests.perform('createConfigMap', keyOfObject(desired), () => created(configMaps, desired)),

    adoptObject: (object, metadata) =>
      requests.perform('adoptObject', object, () => {
        const table = tableOf(tables, object.kind);
        table.readExactly(object);
        table.update(object, (live) => adopted(live, metadata));
      }),

    getSecretMetadata: (key) =>
      requests.perform('getSecretMetadata', key, () => {
        const secret = secrets.get(key);
        return secret && { deletionTimestamp: secret.metadata?.deletionTimestamp?.toISOString() };
      }),

    getPersistentVolumeClaim: (key) =>
      requests.perform('getPersistentVolumeClaim', key, () => claims.get(key)),
    createPersistentVolumeClaim: (desired) =>
      requests.perform('createPersistentVolumeClaim', keyOfObject(desired), () => {
        const claim: PlainClaim = desired;
        const metadata = { ...claim.metadata, finalizers: [PVC_PROTECTION] };
        claims.create({ ...claim, metadata });
      }),

    deletePersistentVolumeClaim: (version) =>
      requests.perform('deletePersistentVolumeClaim', version, () => {
        // The claim stays until no pod has it mounted; the garbage collector here removes it then.
        const { metadata } = claims.readExactly(version);
        if (metadata?.deletionTimestamp !== undefined) return;
        const deletionTimestamp = now();
        claims.update(version, (claim) => ({
          ...claim,
          metadata: { ...claim.metadata, deletionTimestamp },
        }));
      }),

    listPods: (node) => requests.perform('listPods', node, () => podsOf(tables, node).map(podView)),
    getPod: (key) =>
      requests.perform('getPod', key, () => {
        const pod = tables.pods.get(key);
        return pod && podView(pod);
      }),
    listPodsWithClaim: (claim) =>
      requests.perform('listPodsWithClaim', claim, () => podsWithClaim(tables, claim).map(podView)),
    dryRunPod: (pod) => requests.perform('dryRunPod', keyOfObject(pod), () => admission.of(pod)),
    deletePod: (pod, graceSeconds) =>
      requests.perform('deletePod', pod, () => deletePod(tables, pod, now(), graceSeconds)),

    getMountLease: (key) =>
      requests.perform('getMountLease', key, () => {
        const lease = leases.get(key);
        return lease && mountLease(lease as V1Lease);
      }),
    listMountLeases: (node) =>
      requests.perform('listMountLeases', node, () =>
        leases
          .all()
          .filter((lease) => isOfNode(lease, node))
          .map((lease) => mountLease(lease as V1Lease)),
      ),
    createMountLease: (desired) =>
      requests.perform('createMountLease', keyOfObject(desired), () => {
        leases.create(JSON.parse(JSON.stringify(desired)) as PlainLease);
      }),
    deleteMountLease: (version) =>
      requests.perform('deleteMountLease', version, () => {
        leases.readExactly(version);
        leases.remove(version);
      }),
    listMountUsers: (namespace) =>
      requests.perform('listMountUsers', { namespace, name: '' }, () => [
        ...ofNodesIn(tables.pods, namespace).flatMap(mountUserOfPod),
        ...ofNodesIn(statefulSets, namespace).flatMap((set) =>
          mountUserOfStatefulSet(set as V1StatefulSet),
        ),
      ]),

    listEvents: (about) =>
      requests.perform('listEvents', about, () =>
        [...events.all().map(asTold), ...tables.objectEvents.all()]
          .filter((told) => told.about === about.uid)
          .map(({ event }) => event),
      ),
    createEvent: (event) =>
      requests.perform('createEvent', event.about, () => {
        const metadata = { namespace: event.about.namespace, name: event.name };
        if (events.get(metadata) === undefined) events.create({ metadata, event });
      }),
  };
}

/** Returns an Event of ours as a question about the node finds it. */
function asTold({ event }: ReturnType<Tables['events']['read']>) {
  const { type, reason, message, at, about } = event;
  const isWarning = type === 'Warning';
  return { about: about.uid, event: { isWarning, reason, message, firstSeen: at, lastSeen: at } };
}

/** Returns the objects under a node's names, as the API server and an up-to-date cache have them. */
function ownedObjects(tables: Tables, names: OwnedNames): OwnedObjects {
  const { namespace, name, configMap } = names;
  const statefulSet = tables.statefulSets.get({ namespace, name });
  const service = tables.services.get({ namespace, name });
  const map = tables.configMaps.get({ namespace, name: configMap });
  return {
    statefulSet: statefulSet && liveObject(statefulSet),
    service: service && liveObject(service),
    configMap: map && liveObject(map),
  };
}

/** Returns the table of a kind: all four have the metadata that is written, and nothing else of them matters. */
function tableOf(tables: Tables, kind: FoundVersion['kind']): ObjectTable<TableObject> {
  const table = {
    StatefulSet: tables.statefulSets,
    Service: tables.services,
    ConfigMap: tables.configMaps,
    PersistentVolumeClaim: tables.claims,
  }[kind];
  return table as unknown as ObjectTable<TableObject>;
}

function adopted(live: TableObject, { ownerReferences, labels }: AdoptedMetadata): TableObject {
  const metadata: PlainClaim['metadata'] = live.metadata as object;
  return {
    ...live,
    metadata: Object.assign({}, metadata, {
      ownerReferences,
      ...(labels && { labels: { ...metadata?.labels, ...labels } }),
    }),
  };
}

function podsWithClaim(tables: Tables, { namespace, name }: ObjectKey): readonly PlainPod[] {
  return tables.pods
    .all()
    .filter(({ metadata }) => metadata?.namespace === namespace)
    .filter(({ status }) => !['Succeeded', 'Failed'].includes(status?.phase ?? ''))
    .filter(({ spec }) =>
      spec?.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === name),
    );
}

export function podsOf(tables: Tables, node: ObjectKey): readonly PlainPod[] {
  return tables.pods.all().filter((pod) => isOfNode(pod, node));
}

function ofNodesIn<T extends PlainPod | PlainStatefulSet>(
  table: ObjectTable<T>,
  namespace: string,
): readonly T[] {
  return table
    .all()
    .filter(
      ({ metadata }) =>
        metadata?.namespace === namespace && metadata.labels?.[NODE_LABEL] !== undefined,
    );
}

function isOfNode({ metadata }: PlainPod | PlainLease, node: ObjectKey): boolean {
  return metadata?.namespace === node.namespace && metadata.labels?.[NODE_LABEL] === node.name;
}

/** Deletes a StatefulSet; its pods follow in the background. One with finalizers stays until those are taken off. */
export function deleteStatefulSet(
  tables: Tables,
  version: ObjectVersion,
  deletionTimestamp: Date,
): void {
  const { metadata } = tables.statefulSets.readExactly(version);
  if (metadata?.finalizers === undefined || metadata.finalizers.length === 0) {
    tables.statefulSets.remove(version);
  } else if (metadata.deletionTimestamp === undefined) {
    tables.statefulSets.update(version, (live) => ({
      ...live,
      metadata: { ...live.metadata, deletionTimestamp },
    }));
  }
}

/**
 * Asks the pod to go; it stays until its grace is used, and goes at once where no kubelet has it.
 *
 * @param grace seconds, in place of the pod's own
 */
export function deletePod(tables: Tables, version: ObjectVersion, now: Date, grace?: number): void {
  const pod = tables.pods.readExactly(version);
  if (pod.metadata?.deletionTimestamp !== undefined) return;
  if (pod.spec?.nodeName === undefined) {
    tables.pods.remove(version);
    return;
  }
  const graceSeconds = grace ?? pod.spec.terminationGracePeriodSeconds ?? GRACE_SECONDS;
  const deletionTimestamp = new Date(now.getTime() + graceSeconds * 1_000);
  const leaving = { deletionTimestamp, deletionGracePeriodSeconds: graceSeconds };
  tables.pods.update(version, (live) => ({
    ...live,
    metadata: { ...live.metadata, ...leaving },
  }));
}

/** Adds the entry of managed fields that the API server keeps for whoever applies. */
function asApplied<T extends V1Service | V1ConfigMap>(desired: T): T {
  const managedFields = [{ manager: FIELD_MANAGER, operation: 'Apply' }];
  const metadata = Object.assign({}, desired.metadata, { managedFields });
  return Object.assign({}, desired, { metadata });
}

/** Creates the object with its owner only, as live-cluster-api.ts does. */
function created<T extends V1Service | V1ConfigMap>(table: ObjectTable<T>, desired: T): string {
  const { namespace, name, labels, ownerReferences } = desired.metadata ?? {};
  const shell = Object.assign({}, desired, {
    metadata: {
      namespace,
      name,
      ownerReferences,
      labels: { [NODE_LABEL]: labels?.[NODE_LABEL] ?? '' },
    },
    spec: undefined,
    data: undefined,
  });
  return table.create(JSON.parse(JSON.stringify(shell)) as T).metadata?.uid ?? '';
}

function patched(live: SeiNode, before: SeiNode, after: SeiNodeStatus): SeiNode {
  const patch = statusPatch(before.status, after) ?? {};
  return { ...live, status: mergePatched(live.status ?? {}, patch) as SeiNodeStatus };
}

/** Refuses an apply by its UID, in the two ways that live-cluster-api.ts passes on. */
function requireUid(
  table: { readonly kind: string; get(key: ObjectKey): TableObject | undefined },
  key: ObjectKey,
  uid: string | undefined,
): void {
  if (uid === undefined) return;
  const live = table.get(key);
  if (live === undefined) {
    throw conflict(table.kind, key.name, `no existing object was found, but UID ${uid}`);
  }
  if (live.metadata?.uid !== uid) {
    throw asUidConflict(invalid(table.kind, key.name, ['metadata.uid'], 'field is immutable'));
  }
}
