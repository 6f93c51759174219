import type { Change } from '../../kubernetes/watch/object-store.ts';
import type { Pod } from './pod.ts';
import type { WriteOutcome } from './settled-write.ts';

/** A pod of an image with this tag goes on when it is asked to go, as if it ignored the signal. */
const SLOW_TO_TERMINATE = /:slow-terminate(-[0-9][^:/]*)?$/;
const HEALED = 'devcluster.sei.io/healed';

/** Removes a pod, if it still is this one. Does not throw. `failed`: it may still be there. */
export type RemovePod = (pod: Pod) => Promise<WriteOutcome>;

/**
 * Plays the part of the kubelet that stops pods: one that is asked to go is gone at once, not only after its grace.
 * kwok would remove it by name, and might hit its successor.
 */
export function podRemover(remove: RemovePod): (change: Change<Pod>) => void {
  const leaving = new Set<string>();

  async function leave(pod: Pod): Promise<void> {
    const outcome = await remove(pod);
    if (outcome === 'failed') return leave(pod);
    leaving.delete(pod.metadata.uid);
  }

  return ({ kind, object: pod }) => {
    if (kind === 'deleted' || !hasStopped(pod) || leaving.has(pod.metadata.uid)) return;
    leaving.add(pod.metadata.uid);
    void leave(pod);
  };
}

/** Returns whether a kubelet would say that the pod's containers have ended. */
function hasStopped({ metadata, spec }: Pod): boolean {
  // Without a grace the API server removes it on its own.
  if (metadata.deletionTimestamp === undefined || !metadata.deletionGracePeriodSeconds)
    return false;
  const isSlow = spec.containers.some(({ image }) => SLOW_TO_TERMINATE.test(image));
  return !isSlow || metadata.annotations?.[HEALED] === 'true';
}
