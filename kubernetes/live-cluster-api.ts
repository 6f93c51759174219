import { AppsV1Api, CoreV1Api, CustomObjectsApi } from '@kubernetes/client-node';

import {
  FIELD_MANAGER,
  NODE_LABEL,
  SEI_NODE_GROUP,
  SEI_NODE_PLURAL,
  SEI_NODE_VERSION,
} from '../domain/sei-node.ts';
import type { KubernetesConnection } from './client.ts';
import type { ClusterApi } from './cluster.ts';
import { isAlreadyExists, isNotFound } from './errors.ts';
import { coreEvent } from './core-event.ts';
import { liveObject } from './live-object.ts';
import { podView } from './pod-view.ts';
import { seiNodeOf } from './sei-node-of.ts';
import { APPLY_PARAMETERS, AS_APPLY, AS_MERGE_PATCH } from './server-side-apply.ts';
import { statefulSetView } from './stateful-set-view.ts';
import { statusPatch } from './status-patch.ts';
import { asUidConflict } from './uid-conflict.ts';

const SEI_NODES = {
  group: SEI_NODE_GROUP,
  version: SEI_NODE_VERSION,
  plural: SEI_NODE_PLURAL,
} as const;

/** The Kubernetes API as the activities see it. */
export function liveClusterApi(connection: KubernetesConnection): ClusterApi {
  const core = connection.api(CoreV1Api);
  const apps = connection.api(AppsV1Api);
  const custom = connection.api(CustomObjectsApi);

  return {
    getNode: async ({ namespace, name }) => {
      const node: unknown = await orUndefined(
        custom.getNamespacedCustomObject({ ...SEI_NODES, namespace, name }),
      );
      return node === undefined ? undefined : seiNodeOf(node);
    },
    patchNodeStatus: async (before, status) => {
      const { namespace, name, resourceVersion } = before.metadata;
      // No UID: the server ignores it here (seen on 1.36), and no other object has this version.
      const body = {
        metadata: { resourceVersion },
        status: statusPatch(before.status, status) ?? {},
      };
      const parameters = { ...SEI_NODES, namespace, name, body, fieldManager: FIELD_MANAGER };
      return seiNodeOf(await custom.patchNamespacedCustomObjectStatus(parameters, AS_MERGE_PATCH));
    },

    patchNodeFinalizers: async (before, finalizers) => {
      const { namespace, name, uid, resourceVersion } = before.metadata;
      const body = { metadata: { uid, resourceVersion, finalizers } };
      const parameters = { ...SEI_NODES, namespace, name, body, fieldManager: FIELD_MANAGER };
      return seiNodeOf(await custom.patchNamespacedCustomObject(parameters, AS_MERGE_PATCH));
    },

    getStatefulSet: async ({ namespace, name }) => {
      const statefulSet = await orUndefined(apps.readNamespacedStatefulSet({ namespace, name }));
      return statefulSet && statefulSetView(statefulSet);
    },
    applyStatefulSet: async (desired, uid) => {
      const metadata = Object.assign({}, desired.metadata, uid !== undefined && { uid });
      const body = Object.assign({}, desired, { metadata });
      try {
        return statefulSetView(
          await apps.patchNamespacedStatefulSet(applyParameters(body), AS_APPLY),
        );
      } catch (error) {
        throw asUidConflict(error);
      }
    },

    turnToOnDelete: async ({ namespace, name, uid, resourceVersion }) => {
      const body = {
        metadata: { uid, resourceVersion },
        spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: null } },
      };
      await apps.patchNamespacedStatefulSet(
        { namespace, name, body, fieldManager: FIELD_MANAGER },
        AS_MERGE_PATCH,
      );
    },
    deleteStatefulSet: async ({ namespace, name, uid, resourceVersion }) => {
      const body = { preconditions: { uid, resourceVersion }, propagationPolicy: 'Background' };
      await apps.deleteNamespacedStatefulSet({ namespace, name, body });
    },

    getOwnedObjects: async ({ namespace, name, configMap }) => {
      const [statefulSet, service, map] = await Promise.all([
        orUndefined(apps.readNamespacedStatefulSet({ namespace, name })),
        orUndefined(core.readNamespacedService({ namespace, name })),
        orUndefined(core.readNamespacedConfigMap({ namespace, name: configMap })),
      ]);
      return {
        statefulSet: statefulSet && liveObject(statefulSet),
        service: service && liveObject(service),
        configMap: map && liveObject(map),
      };
    },

    applyService: async (desired) => {
      await core.patchNamespacedService(applyParameters(desired), AS_APPLY);
    },
    applyConfigMap: async (desired) => {
      await core.patchNamespacedConfigMap(applyParameters(desired), AS_APPLY);
    },

    getPersistentVolumeClaim: ({ namespace, name }) =>
      orUndefined(core.readNamespacedPersistentVolumeClaim({ namespace, name })),
    createPersistentVolumeClaim: async (desired) => {
      const { namespace } = identityFor(desired);
      await core.createNamespacedPersistentVolumeClaim({
        namespace,
        body: desired,
        fieldManager: FIELD_MANAGER,
      });
    },

    deletePersistentVolumeClaim: async ({ namespace, name, uid, resourceVersion }) => {
      const body = { preconditions: { uid, resourceVersion }, propagationPolicy: 'Background' };
      await core.deleteNamespacedPersistentVolumeClaim({ namespace, name, body });
    },

    listPods: async ({ namespace, name }) => {
      const labelSelector = `${NODE_LABEL}=${name}`;
      const { items } = await core.listNamespacedPod({ namespace, labelSelector });
      return items.map(podView);
    },
    deletePod: async ({ namespace, name, uid, resourceVersion }) => {
      const body = {
        preconditions: { uid, resourceVersion },
        propagationPolicy: 'Background',
      };
      await core.deleteNamespacedPod({ namespace, name, body });
    },

    createEvent: async (event) => {
      try {
        const { namespace } = event.node;
        await core.createNamespacedEvent({ namespace, body: coreEvent(event) });
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
      }
    },
  };
}

async function orUndefined<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

interface Named {
  readonly kind?: string;
  readonly metadata?: { readonly namespace?: string; readonly name?: string };
}

function applyParameters<T extends Named>(body: T) {
  return { ...identityFor(body), body, ...APPLY_PARAMETERS };
}

function identityFor({ kind = 'object', metadata }: Named): { namespace: string; name: string } {
  const { namespace, name } = metadata ?? {};
  if (namespace === undefined || name === undefined) {
    throw new Error(`A rendered ${kind} lacks its name or namespace`);
  }
  return { namespace, name };
}
