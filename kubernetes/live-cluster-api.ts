import type {
  V1Lease,
  V1ObjectMeta,
  V1PersistentVolumeClaim,
  V1Pod,
  V1Service,
  V1StatefulSet,
} from '@kubernetes/client-node';

import type { ObjectVersion } from '../domain/node-ref.ts';
import type { RawObject } from '../domain/raw-object.ts';
import { identityOf, isRawObject } from '../domain/raw-object.ts';
import { NODE_LABEL } from '../domain/sei-node.ts';
import type { KubernetesConnection } from './api/client.ts';
import { classifyApiError, isAlreadyExists } from './api/errors.ts';
import type { ObjectApi } from './api/object-api.ts';
import { objectApi } from './api/object-api.ts';
import type { Resource } from './api/resource.ts';
import {
  CONFIG_MAPS,
  EVENTS,
  LEASES,
  PERSISTENT_VOLUME_CLAIMS,
  PODS,
  SECRETS,
  SEI_NODES,
  SERVICES,
  STATEFUL_SETS,
} from './api/resource.ts';
import { asUidConflict } from './api/uid-conflict.ts';
import type { ClusterApi, FoundVersion } from './cluster.ts';
import { coreEvent } from './core-event.ts';
import { statusPatch } from './status-patch.ts';
import { liveObject } from './views/live-object.ts';
import { mountLease } from './views/mount-lease.ts';
import { mountUserOfPod, mountUserOfStatefulSet } from './views/mount-user.ts';
import { nextPodOf } from './views/next-pod.ts';
import { objectEvent } from './views/object-event.ts';
import { podView } from './views/pod-view.ts';
import { seiNodeOf } from './views/sei-node-of.ts';
import { statefulSetView } from './views/stateful-set-view.ts';

const FOUND: Readonly<Record<FoundVersion['kind'], Resource>> = {
  StatefulSet: STATEFUL_SETS,
  Service: SERVICES,
  ConfigMap: CONFIG_MAPS,
  PersistentVolumeClaim: PERSISTENT_VOLUME_CLAIMS,
};

/** The kubelet has unmounted what a pod used that has ended. */
const HAS_NOT_ENDED = 'status.phase!=Succeeded,status.phase!=Failed';

/** The Kubernetes API as the activities see it. */
export function liveClusterApi(connection: Pick<KubernetesConnection, 'send'>): ClusterApi {
  const objects = objectApi(connection);
  return {
    getNode: async (key) => {
      const node = await objects.get(SEI_NODES, key);
      return node && seiNodeOf(node);
    },
    listNodes: (namespace) => objects.list(SEI_NODES, namespace, { labelSelector: '' }, seiNodeOf),
    patchNodeStatus: async (before, status) => {
      // No UID: the server ignores it here (seen on 1.36), and no other object has this version.
      const { resourceVersion } = before.metadata;
      const patch = {
        metadata: { resourceVersion },
        status: statusPatch(before.status, status) ?? {},
      };
      return seiNodeOf(await objects.patchStatus(SEI_NODES, before.metadata, patch));
    },

    patchNodeFinalizers: async (before, finalizers) => {
      const { resourceVersion } = before.metadata;
      const patch = { metadata: { resourceVersion, finalizers } };
      return seiNodeOf(await objects.patch(SEI_NODES, before.metadata, patch));
    },

    getStatefulSet: async (key) => {
      const statefulSet = (await objects.get(STATEFUL_SETS, key)) as V1StatefulSet | undefined;
      return statefulSet && { ...statefulSetView(statefulSet), nextPod: nextPodOf(statefulSet) };
    },
    applyStatefulSet: async (desired, uid) => {
      const applied = await applyVersion(objects, STATEFUL_SETS, desired, uid);
      return statefulSetView(applied as V1StatefulSet);
    },

    turnToOnDelete: async (statefulSet) => {
      const { uid, resourceVersion } = statefulSet;
      const spec = { updateStrategy: { type: 'OnDelete', rollingUpdate: null } };
      await objects.patch(STATEFUL_SETS, statefulSet, { metadata: { uid, resourceVersion }, spec });
    },
    deleteStatefulSet: (statefulSet) => deleteVersion(objects, STATEFUL_SETS, statefulSet),

    getOwnedObjects: async ({ namespace, name, configMap }) => {
      const [statefulSet, service, map] = await Promise.all([
        objects.get(STATEFUL_SETS, { namespace, name }),
        objects.get(SERVICES, { namespace, name }),
        objects.get(CONFIG_MAPS, { namespace, name: configMap }),
      ]);
      return {
        statefulSet: statefulSet && liveObject(statefulSet),
        service: service && liveObject(service),
        configMap: map && liveObject(map),
      };
    },

    applyService: async (desired, uid) => {
      try {
        await applyVersion(objects, SERVICES, desired, uid);
      } catch (err) {
        if (classifyApiError(err).kind !== 'invalid') throw err;
        await takePortsBack(objects, desired, uid);
        await applyVersion(objects, SERVICES, desired, uid);
      }
    },
    applyConfigMap: async (desired, uid) => {
      await applyVersion(objects, CONFIG_MAPS, desired, uid);
    },
    createService: ({ spec: { clusterIP, selector } = {}, ...desired }) =>
      // With the selector: the API server gives a headless Service that has none both families of
      // addresses, which a cluster of one then refuses at the apply.
      createShell(objects, SERVICES, desired, { spec: { clusterIP, selector } }),
    createConfigMap: (desired) => createShell(objects, CONFIG_MAPS, desired),

    adoptObject: async (object, { ownerReferences, labels }) => {
      const { uid, resourceVersion } = object;
      const metadata = { uid, resourceVersion, ownerReferences, ...(labels && { labels }) };
      try {
        await objects.patch(FOUND[object.kind], object, { metadata });
      } catch (err) {
        throw asUidConflict(err);
      }
    },

    getSecretMetadata: async (key) => {
      const secret = await objects.getMetadata(SECRETS, key);
      return secret && { deletionTimestamp: deletionTimestampOf(secret) };
    },

    getPersistentVolumeClaim: async (key) => {
      const claim = await objects.get(PERSISTENT_VOLUME_CLAIMS, key);
      return claim as V1PersistentVolumeClaim | undefined;
    },
    createPersistentVolumeClaim: async (desired) => {
      await objects.create(PERSISTENT_VOLUME_CLAIMS, desired);
    },

    deletePersistentVolumeClaim: (claim) => deleteVersion(objects, PERSISTENT_VOLUME_CLAIMS, claim),

    listPods: ({ namespace, name }) =>
      objects.list(PODS, namespace, { labelSelector: `${NODE_LABEL}=${name}` }, (pod) =>
        podView(pod as V1Pod),
      ),
    getPod: async (key) => {
      const pod = (await objects.get(PODS, key)) as V1Pod | undefined;
      return pod && podView(pod);
    },
    listPodsWithClaim: async ({ namespace, name }) => {
      const running = { fieldSelector: HAS_NOT_ENDED };
      const pods = await objects.list(PODS, namespace, running, (pod) =>
        usesClaim(pod as V1Pod, name) ? podView(pod as V1Pod) : undefined,
      );
      return pods.filter((pod) => pod !== undefined);
    },
    dryRunPod: async (pod) => {
      try {
        await objects.dryRunCreate(PODS, pod);
      } catch (err) {
        if (!isAlreadyExists(err)) throw err;
      }
    },
    deletePod: (pod, graceSeconds) =>
      deleteVersion(objects, PODS, pod, { gracePeriodSeconds: graceSeconds }),

    getMountLease: async (key) => {
      const lease = (await objects.get(LEASES, key)) as V1Lease | undefined;
      return lease && mountLease(lease);
    },
    listMountLeases: ({ namespace, name }) =>
      objects.list(LEASES, namespace, { labelSelector: `${NODE_LABEL}=${name}` }, (lease) =>
        mountLease(lease as V1Lease),
      ),
    createMountLease: async (desired) => {
      await objects.create(LEASES, desired);
    },
    deleteMountLease: (lease) => deleteVersion(objects, LEASES, lease),
    listMountUsers: async (namespace) => {
      const ofNodes = { labelSelector: NODE_LABEL };
      const [pods, statefulSets] = await Promise.all([
        objects.list(PODS, namespace, ofNodes, (pod) => mountUserOfPod(pod as V1Pod)),
        objects.list(STATEFUL_SETS, namespace, ofNodes, (statefulSet) =>
          mountUserOfStatefulSet(statefulSet as V1StatefulSet),
        ),
      ]);
      return [...pods, ...statefulSets].flat();
    },

    listEvents: ({ namespace, uid }) =>
      objects.list(EVENTS, namespace, { fieldSelector: `involvedObject.uid=${uid}` }, objectEvent),
    createEvent: async (event) => {
      try {
        await objects.create(EVENTS, coreEvent(event));
      } catch (err) {
        if (!isAlreadyExists(err)) throw err;
      }
    },
  };
}

function usesClaim({ spec }: V1Pod, name: string): boolean {
  return spec?.volumes?.some((volume) => volume.persistentVolumeClaim?.claimName === name) ?? false;
}

function deletionTimestampOf({ metadata }: RawObject): string | undefined {
  const timestamp = isRawObject(metadata) ? metadata['deletionTimestamp'] : undefined;
  return typeof timestamp === 'string' ? timestamp : undefined;
}

interface Desired {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: V1ObjectMeta;
}

/** Applies to the object of this UID alone; without one, whatever has the name. */
async function applyVersion(
  objects: ObjectApi,
  resource: Resource,
  desired: Desired,
  uid: string | undefined,
): Promise<RawObject> {
  const metadata = Object.assign({}, desired.metadata, uid !== undefined && { uid });
  try {
    return await objects.apply(resource, Object.assign({}, desired, { metadata }));
  } catch (err) {
    throw asUidConflict(err);
  }
}

/** Somebody may have renumbered a port: an apply leaves theirs, and is refused for two of a name. */
async function takePortsBack(objects: ObjectApi, desired: V1Service, uid: string): Promise<void> {
  const { namespace = '', name = '' } = desired.metadata ?? {};
  const live = identityOf(await objects.get(SERVICES, { namespace, name }));
  // Gone, or another one by now: the apply that follows says so.
  if (live?.uid !== uid) return;
  const metadata = { uid, resourceVersion: live.resourceVersion };
  await objects.patch(SERVICES, live, { metadata, spec: { ports: desired.spec?.ports } });
}

async function createShell(
  objects: ObjectApi,
  resource: Resource,
  { apiVersion = '', kind = '', metadata = {} }: Desired,
  more: object = {},
): Promise<string> {
  const { namespace = '', name = '', labels = {}, ownerReferences } = metadata;
  const node = labels[NODE_LABEL];
  const shell = {
    apiVersion,
    kind,
    metadata: {
      namespace,
      name,
      ownerReferences,
      ...(node !== undefined && { labels: { [NODE_LABEL]: node } }),
    },
  };
  const created = identityOf(await objects.create(resource, Object.assign(shell, more)));
  if (created === undefined) throw new Error(`${kind} ${name} was created without a UID`);
  return created.uid;
}

/** Deletes exactly this object at exactly this version; what it owns follows in the background. */
async function deleteVersion(
  objects: ObjectApi,
  resource: Resource,
  { namespace, name, uid, resourceVersion }: ObjectVersion,
  options: { readonly gracePeriodSeconds?: number } = {},
): Promise<void> {
  await objects.delete(
    resource,
    { namespace, name },
    { preconditions: { uid, resourceVersion }, propagationPolicy: 'Background', ...options },
  );
}
