import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import type { Berth, Fleet } from './fleet.ts';
import { NODE_LABEL } from './pod.ts';
import type { Pod } from './pod.ts';

/**
 * Finds the pod that has an address now. The watch may lag behind a caller that has already seen the pod, so an address
 * without a pod, or with one that is going, is looked up live.
 */
export async function podAt(
  fleet: Pick<Fleet, 'at' | 'seen'>,
  connection: Pick<KubernetesConnection, 'getJson'>,
  address: string,
): Promise<Berth | undefined> {
  const known = fleet.at(address);
  if (known !== undefined && known.pod.metadata.deletionTimestamp === undefined) return known;
  const query = `labelSelector=${NODE_LABEL}&fieldSelector=status.podIP%3D${address}`;
  const list = (await connection.getJson(`/api/v1/pods?${query}`)) as { items: readonly Pod[] };
  for (const pod of list.items) fleet.seen(pod);
  return fleet.at(address);
}
