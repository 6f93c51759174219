import type { SeiNode } from '../domain/node/sei-node.ts';
import { targetFor } from '../domain/node/target.ts';
import type { PodView } from '../domain/pod/pod-view.ts';
import { servingPod } from '../domain/pod/serving-pod.ts';
import type { StatefulSetView } from '../domain/pod/stateful-set-view.ts';
import type { SidecarState } from '../domain/sidecar/sidecar-state.ts';
import type { Observation, WorkPolicy } from '../domain/work/due-work.ts';
import type { ClusterApi, ClusterCache, OwnedObjects } from '../kubernetes/cluster.ts';
import { ownedNames } from '../manifests/object-metadata.ts';
import type { PlatformSettings } from '../manifests/platform-settings.ts';
import { ownedFindings } from './owned-findings.ts';

/** The settings of an installation that decisions depend on. Worker and watcher must agree on them. */
export interface Installation {
  readonly policy: WorkPolicy;
  readonly platform: PlatformSettings;
}

/** Returns the node with its surroundings as the shared watches saw them last. */
export function observationFromCache(
  { cache, ...installation }: Installation & { readonly cache: ClusterCache },
  node: SeiNode,
  seen: { readonly pods?: readonly PodView[]; readonly sidecar?: SidecarState | undefined } = {},
): Observation {
  return observation(installation, node, {
    pods: seen.pods ?? cache.pods(node.metadata),
    sidecar: seen.sidecar,
    statefulSet: cache.statefulSet(node.metadata),
    objects: cache.ownedObjects(ownedNames(node)),
  });
}

/** Returns the node with its surroundings as the API server and its sidecar have them now. */
export async function observationLive(
  { api, ...installation }: Installation & { readonly api: ClusterApi },
  node: SeiNode,
  probe: (pod: PodView) => Promise<SidecarState | undefined>,
): Promise<Observation> {
  const [pods, statefulSet, objects] = await Promise.all([
    api.listPods(node.metadata),
    api.getStatefulSet(node.metadata),
    api.getOwnedObjects(ownedNames(node)),
  ]);
  const serving = servingPod(node, pods);
  const sidecar = serving === undefined ? undefined : await probe(serving);
  return observation(installation, node, { pods, statefulSet, objects, sidecar });
}

interface Seen {
  readonly pods: readonly PodView[];
  readonly statefulSet: StatefulSetView | undefined;
  readonly objects: OwnedObjects;
  readonly sidecar: SidecarState | undefined;
}

function observation(
  { policy, platform }: Installation,
  node: SeiNode,
  { pods, statefulSet, objects, sidecar }: Seen,
): Observation {
  const target = targetFor(node, policy.defaultSidecarImage);
  const owned = ownedFindings(node, objects, target, platform);
  return { node, pods, statefulSet, owned, sidecar };
}
