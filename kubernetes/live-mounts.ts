import type {
  V1Lease,
  V1PersistentVolumeClaim,
  V1Pod,
  V1StatefulSet,
} from '@kubernetes/client-node';

import type { RawObject } from '../domain/node/raw-object.ts';
import { isRawObject } from '../domain/node/raw-object.ts';
import { NODE_LABEL } from '../domain/node/sei-node.ts';
import type { ObjectApi } from './api/object-api.ts';
import { LEASES, PERSISTENT_VOLUME_CLAIMS, PODS, SECRETS, STATEFUL_SETS } from './api/resource.ts';
import type { MountApi } from './cluster.ts';
import { deleteVersion } from './exact-version.ts';
import { mountLease } from './views/mount-lease.ts';
import { mountUserOfPod, mountUserOfStatefulSet } from './views/mount-user.ts';

/** The Secrets, claims and mount leases of the API server, and the users of mounts. */
export function liveMounts(objects: ObjectApi): MountApi {
  return {
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
  };
}

function deletionTimestampOf({ metadata }: RawObject): string | undefined {
  const timestamp = isRawObject(metadata) ? metadata['deletionTimestamp'] : undefined;
  return typeof timestamp === 'string' ? timestamp : undefined;
}
