import type { V1PersistentVolumeClaim, V1Pod, V1StatefulSet } from '@kubernetes/client-node';

import { NODE_LABEL } from '../domain/sei-node.ts';
import type { KubernetesConnection } from './client.ts';
import type { ClusterApi, ObjectVersion } from './cluster.ts';
import { coreEvent } from './core-event.ts';
import { classifyApiError, isAlreadyExists } from './errors.ts';
import { liveObject } from './live-object.ts';
import type { ObjectApi } from './object-api.ts';
import { objectApi } from './object-api.ts';
import { nextPodOf } from './next-pod.ts';
import { objectEvent } from './object-event.ts';
import { podView } from './pod-view.ts';
import type { RawObject } from './raw-object.ts';
import { isRawObject } from './raw-object.ts';
import type { Resource } from './resource.ts';
import {
  CONFIG_MAPS,
  EVENTS,
  PERSISTENT_VOLUME_CLAIMS,
  PODS,
  SECRETS,
  SEI_NODES,
  SERVICES,
  STATEFUL_SETS,
} from './resource.ts';
import { seiNodeOf } from './sei-node-of.ts';
import { statefulSetView } from './stateful-set-view.ts';
import { statusPatch } from './status-patch.ts';
import { asUidConflict } from './uid-conflict.ts';

/** The Kubernetes API as the activities see it. */
export function liveClusterApi(connection: Pick<KubernetesConnection, 'send'>): ClusterApi {
  const objects = objectApi(connection);
  return {
    getNode: async (key) => {
      const node = await objects.get(SEI_NODES, key);
      return node && seiNodeOf(node);
    },
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
      const metadata = Object.assign({}, desired.metadata, uid !== undefined && { uid });
      const body = Object.assign({}, desired, { metadata });
      try {
        return statefulSetView((await objects.apply(STATEFUL_SETS, body)) as V1StatefulSet);
      } catch (error) {
        throw asUidConflict(error);
      }
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

    applyService: async (desired) => {
      try {
        await objects.apply(SERVICES, desired);
      } catch (error) {
        const { namespace = '', name = '' } = desired.metadata ?? {};
        if (classifyApiError(error).kind !== 'invalid') throw error;
        // Somebody may have renumbered a port: an apply leaves theirs, and is refused for two of a name.
        const spec = { ports: desired.spec?.ports };
        await objects.patch(SERVICES, { namespace, name }, { spec });
        await objects.apply(SERVICES, desired);
      }
    },
    applyConfigMap: async (desired) => {
      await objects.apply(CONFIG_MAPS, desired);
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

    listPods: async ({ namespace, name }) => {
      const pods = await objects.list(PODS, namespace, { labelSelector: `${NODE_LABEL}=${name}` });
      return pods.map((pod) => podView(pod as V1Pod));
    },
    dryRunPod: async (pod) => {
      try {
        await objects.dryRunCreate(PODS, pod);
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
      }
    },
    deletePod: (pod) => deleteVersion(objects, PODS, pod),

    listEvents: async ({ namespace, uid }) => {
      const events = await objects.list(EVENTS, namespace, {
        fieldSelector: `involvedObject.uid=${uid}`,
      });
      return events.map(objectEvent);
    },
    createEvent: async (event) => {
      try {
        await objects.create(EVENTS, coreEvent(event));
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
      }
    },
  };
}

function deletionTimestampOf({ metadata }: RawObject): string | undefined {
  const timestamp = isRawObject(metadata) ? metadata['deletionTimestamp'] : undefined;
  return typeof timestamp === 'string' ? timestamp : undefined;
}

/** Deletes exactly this object at exactly this version; what it owns follows in the background. */
async function deleteVersion(
  objects: ObjectApi,
  resource: Resource,
  { namespace, name, uid, resourceVersion }: ObjectVersion,
): Promise<void> {
  await objects.delete(
    resource,
    { namespace, name },
    { preconditions: { uid, resourceVersion }, propagationPolicy: 'Background' },
  );
}
