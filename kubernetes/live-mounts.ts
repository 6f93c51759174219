import type { V1Lease, V1Pod, V1StatefulSet } from '@kubernetes/client-node';

import { NODE_LABEL } from '../domain/sei-node.ts';
import type { ObjectApi } from './api/object-api.ts';
import { LEASES, PODS, STATEFUL_SETS } from './api/resource.ts';
import type { MountApi } from './cluster.ts';
import { deleteVersion } from './exact-version.ts';
import { mountLease } from './views/mount-lease.ts';
import { mountUserOfPod, mountUserOfStatefulSet } from './views/mount-user.ts';

/** The mount leases of the API server, and who mounts. */
export function liveMounts(objects: ObjectApi): MountApi {
  return {
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
