import { keyOf } from '../../domain/node/node-ref.ts';
import type { Change } from '../../kubernetes/watch/object-store.ts';
import type { AddressListeners } from './address-listeners.ts';
import type { Fleet } from './fleet.ts';
import type { KubeObject, Pod } from './pod.ts';
import type { Volumes } from './volume.ts';

/**
 * Keeps the fleet, and the addresses that are listened at, in step with the pods of the cluster.
 *
 * @param onError called when the address of a pod cannot be listened at
 */
export function podFollower(
  fleet: Fleet,
  listeners: AddressListeners,
  onError: (error: unknown) => void,
): (change: Change<Pod>) => void {
  return ({ kind, object: pod }) => {
    const address = pod.status.podIP;
    if (kind === 'deleted') {
      fleet.gone(pod);
      if (address !== undefined) listeners.cut(address);
    } else {
      if (address !== undefined) listeners.cover(address).catch(onError);
      fleet.seen(pod);
    }
  };
}

/** Gives each claim a volume of its own. */
export function claimFollower(volumes: Volumes): (change: Change<KubeObject>) => void {
  return ({ kind, object: { metadata } }) => {
    if (kind === 'deleted') volumes.released(keyOf(metadata));
    else volumes.claimed(keyOf(metadata), metadata.uid);
  };
}
