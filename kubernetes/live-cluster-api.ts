import type { KubernetesConnection } from './api/client.ts';
import { createObjectApi } from './api/object-api.ts';
import type { ClusterApi } from './cluster.ts';
import { liveMounts } from './live-mounts.ts';
import { liveNodes } from './live-nodes.ts';
import { liveOwnedObjects } from './live-owned-objects.ts';
import { livePods } from './live-pods.ts';

/** The Kubernetes API as the activities see it. */
export function createLiveClusterApi(connection: Pick<KubernetesConnection, 'send'>): ClusterApi {
  const objects = createObjectApi(connection);
  return {
    ...liveNodes(objects),
    ...liveOwnedObjects(objects),
    ...livePods(objects),
    ...liveMounts(objects),
  };
}
