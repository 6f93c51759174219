import type { ObjectKey } from '../domain/node-ref.ts';
import { podNameOf } from '../domain/node-ref.ts';
import type { SeenPods } from '../domain/pods-of-node.ts';
import type { ClusterApi } from '../kubernetes/cluster.ts';

/**
 * What may be a node's pods, read live. The StatefulSet first: once its controller has seen that it is to
 * have none, every pod that it has made shows in what is read afterwards.
 */
export async function seenPods(
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
