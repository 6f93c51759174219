import type { KubernetesConnection } from './api/client.ts';
import { objectApi } from './api/object-api.ts';
import type { ClusterApi } from './cluster.ts';
import { liveEvents } from './live-events.ts';
import { liveMounts } from './live-mounts.ts';
import { liveNodes } from './live-nodes.ts';
import { liveOwnedObjects } from './live-owned-objects.ts';
import { livePods } from './live-pods.ts';
import { liveStatefulSets } from './live-stateful-sets.ts';
import { liveVolumes } from './live-volumes.ts';

/** The Kubernetes API as the activities see it. */
export function liveClusterApi(connection: Pick<KubernetesConnection, 'send'>): ClusterApi {
  const objects = objectApi(connection);
  return {
    ...liveNodes(objects),
    ...liveStatefulSets(objects),
    ...liveOwnedObjects(objects),
    ...liveVolumes(objects),
    ...livePods(objects),
    ...liveMounts(objects),
    ...liveEvents(objects),
  };
}
