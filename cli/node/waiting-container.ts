import type { PodTrouble } from '../../domain/pod/pod-trouble.ts';
import type { PodView } from '../../domain/pod/pod-view.ts';

/** Reasons of the kubelet for which a container may wait in vain. */
const STUCK = [
  'ImagePullBackOff',
  'InvalidImageName',
  'CrashLoopBackOff',
  'CreateContainerConfigError',
] as const satisfies readonly PodTrouble['reason'][];

/** Returns why a pod does not get on; undefined for any other pod. */
export function stuckFor(pods: readonly PodView[]): (typeof STUCK)[number] | undefined {
  return pods
    .flatMap(({ containers }) => containers)
    .map(({ state }) => (state.kind === 'waiting' ? state.reason : ''))
    .map((reason) => (reason === 'ErrImagePull' ? 'ImagePullBackOff' : reason))
    .map((reason) => STUCK.find((known) => known === reason))
    .find((reason) => reason !== undefined);
}

/** Returns the name of the container that crashes, if one does. */
export function crashing(pods: readonly PodView[]): string | undefined {
  const containers = pods.flatMap((pod) => pod.containers);
  return containers.find(
    ({ state }) => state.kind === 'waiting' && state.reason === 'CrashLoopBackOff',
  )?.name;
}
