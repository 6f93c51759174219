import type { V1Service, V1StatefulSet } from '@kubernetes/client-node';

import { identityOf } from '../domain/node/raw-object.ts';
import { NODE_LABEL } from '../domain/node/sei-node.ts';
import { classifyApiError } from './api/errors.ts';
import type { ObjectApi } from './api/object-api.ts';
import type { Resource } from './api/resource.ts';
import { CONFIG_MAPS, PERSISTENT_VOLUME_CLAIMS, SERVICES, STATEFUL_SETS } from './api/resource.ts';
import { asUidConflict } from './api/uid-conflict.ts';
import type { FoundVersion, OwnedObjectApi } from './cluster.ts';
import type { Desired } from './exact-version.ts';
import { applyVersion, deleteVersion } from './exact-version.ts';
import { liveObject } from './views/live-object.ts';
import { nextPodOf } from './views/next-pod.ts';
import { statefulSetView } from './views/stateful-set-view.ts';

const FOUND: Readonly<Record<FoundVersion['kind'], Resource>> = {
  StatefulSet: STATEFUL_SETS,
  Service: SERVICES,
  ConfigMap: CONFIG_MAPS,
  PersistentVolumeClaim: PERSISTENT_VOLUME_CLAIMS,
};

/** The API server's objects of nodes. */
export function liveOwnedObjects(objects: ObjectApi): OwnedObjectApi {
  return {
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
      // With the selector: the API server gives a headless Service without one both families of addresses, which a
      // cluster with one family then refuses at the apply.
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
  };
}

/** Takes back ports that somebody has renumbered: an apply leaves theirs, and is refused for two of a name. */
async function takePortsBack(objects: ObjectApi, desired: V1Service, uid: string): Promise<void> {
  const { namespace = '', name = '' } = desired.metadata ?? {};
  const live = identityOf(await objects.get(SERVICES, { namespace, name }));
  // Gone, or another one by now: the apply that follows reports it.
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
