import { keyOf } from '../../domain/node-ref.ts';
import type { AddressListeners } from './address-listeners.ts';
import type { Fleet } from './fleet.ts';
import type { Follower, KubeObject } from './follow.ts';
import type { Pod } from './pod.ts';
import type { Volumes } from './volume.ts';

/** Keeps the fleet, and the addresses that are listened at, in step with the pods of the cluster. */
export function podFollower(
  fleet: Fleet,
  listeners: AddressListeners,
  onTrouble: (error: unknown) => void,
): Follower<Pod> {
  const changed = (pod: Pod): void => {
    listeners.cover(pod.status.podIP).catch(onTrouble);
    fleet.seen(pod);
  };
  const gone = (pod: Pod): void => {
    fleet.gone(pod);
    if (pod.status.podIP !== undefined) listeners.cut(pod.status.podIP);
  };
  return {
    listed(pods) {
      const alive = new Set(pods.map(({ metadata }) => metadata.uid));
      for (const pod of fleet.pods()) if (!alive.has(pod.metadata.uid)) gone(pod);
      for (const pod of pods) changed(pod);
    },
    changed,
    gone,
  };
}

/** Gives each claim a volume of its own. */
export function claimFollower(volumes: Volumes): Follower<KubeObject> {
  const changed = ({ metadata }: KubeObject): void =>
    volumes.claimed(keyOf(metadata), metadata.uid);
  return {
    listed: (claims) => claims.forEach(changed),
    changed,
    gone: ({ metadata }) => volumes.released(keyOf(metadata)),
  };
}
