import type { ObjectKey } from '../../domain/node/node-ref.ts';
import { podNameOf } from '../../domain/node/node-ref.ts';
import type { SeenPods } from '../../domain/pod/pods-of-node.ts';
import type { ClusterApi } from '../../kubernetes/cluster.ts';

/**
 * Reads live every pod that may belong to the node. Reads the StatefulSet first: once its controller has seen that it
 * is to have none, every pod that it has made shows in the later reads.
 */
export async function getSeenPods(
  api: Pick<ClusterApi, 'getStatefulSet' | 'listPods' | 'getPod'>,
  node: ObjectKey,
): Promise<SeenPods> {
  const statefulSet = await api.getStatefulSet(node);
  const [labelled, named] = await Promise.all([
    api.listPods(node),
    api.getPod({ namespace: node.namespace, name: podNameOf(node) }),
  ]);
  return { labelled, named, statefulSet };
}
