import type { V1ObjectMeta, V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import { AppsV1Api, CoreV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';

import { isRevisionKnown } from '../../domain/pod/pod-replacement.ts';
import { SEID_CONTAINER, SEID_INIT_CONTAINER } from '../../domain/pod/pod-view.ts';
import { runningPod } from '../../domain/pod/running-pod.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { podView } from '../../kubernetes/views/pod-view.ts';
import { statefulSetView } from '../../kubernetes/views/stateful-set-view.ts';
import { dataVolumeClaimFor } from '../../manifests/data-volume-claim.ts';
import type { PlatformSettings } from '../../manifests/platform-settings.ts';
import { statefulSetFor } from '../../manifests/stateful-set.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { typedApi } from '../support/testbed/typed-api.ts';
import { watchObjects } from '../support/testbed/watched-objects.ts';
import type { BenchFleet } from './bench-fleet.ts';
import { memberNames } from './bench-fleet.ts';

/** Ten times what 100 of them take on two cores: a benchmark that hangs must end. */
const DEADLINE_MS = 300_000;

export interface StatefulSetFleetOptions {
  readonly connection: KubernetesConnection;
  readonly namespace: string;
  readonly platform: PlatformSettings;
  readonly image: string;
  /** Ends the fleet's watches. */
  readonly signal: AbortSignal;
}

/**
 * Makes the floor: the same StatefulSets and pods as a SeiNode's, with no operator. Changes their image as a person
 * would who only had watches: patches the template, deletes the pod once the controller knows the new revision, waits
 * for the new pod to run and to be counted.
 */
export async function statefulSetFleet(options: StatefulSetFleetOptions): Promise<BenchFleet> {
  const { connection, namespace } = options;
  const core = typedApi(connection, CoreV1Api);
  const apps = typedApi(connection, AppsV1Api);
  const [statefulSets, pods] = await Promise.all([
    watchObjects({
      ...options,
      path: `/apis/apps/v1/namespaces/${namespace}/statefulsets`,
      transform: (object) => named(statefulSetView(object as V1StatefulSet)),
    }),
    watchObjects({
      ...options,
      path: `/api/v1/namespaces/${namespace}/pods`,
      transform: (object) => named(podView(object as V1Pod)),
    }),
  ]);
  let size = 0;

  const untilRolled = async (name: string, applied: V1StatefulSet): Promise<void> => {
    const { uid = '', generation = 0 } = applied.metadata ?? {};
    const known = (view: ReturnType<typeof statefulSetView>): boolean =>
      isRevisionKnown({ uid, generation }, view);
    const { view } = await statefulSets.until(
      name,
      'its new revision is known',
      (each) => known(each.view),
      DEADLINE_MS,
    );
    const revision = view.updateRevision;
    const podName = podNameOf(name);
    const old = pods.versions(podName).at(-1)?.view;
    if (old !== undefined && old.revision !== revision && old.deletionTimestamp === undefined) {
      const body = { preconditions: { uid: old.uid } };
      await core.deleteNamespacedPod({ namespace, name: podName, body });
    }
    await pods.until(
      podName,
      `it runs revision ${revision}`,
      (pod) => pod.view.revision === revision && runningPod(pod.view) !== undefined,
      DEADLINE_MS,
    );
    await statefulSets.until(
      name,
      'its pod is counted as updated',
      (each) => known(each.view) && each.view.updatedReplicas >= each.view.replicas,
      DEADLINE_MS,
    );
  };

  const create = async (name: string): Promise<void> => {
    const { claim, statefulSet } = objectsOf(options, name);
    await core.createNamespacedPersistentVolumeClaim({ namespace, body: claim });
    const body = statefulSet;
    await untilRolled(name, await apps.createNamespacedStatefulSet({ namespace, body }));
  };

  const update = async (name: string, image: string): Promise<void> => {
    const containers = [{ name: SEID_CONTAINER, image }];
    const initContainers = [{ name: SEID_INIT_CONTAINER, image }];
    const body = { spec: { template: { spec: { containers, initContainers } } } };
    const patched = await apps.patchNamespacedStatefulSet(
      { namespace, name, body },
      setHeaderOptions('Content-Type', PatchStrategy.StrategicMergePatch),
    );
    await untilRolled(name, patched);
  };

  return {
    growTo: async (wanted) => {
      const added = memberNames(size, wanted);
      size = wanted;
      await Promise.all(added.map(create));
    },
    update: async (image) => {
      await Promise.all(memberNames(0, size).map((name) => update(name, image)));
    },
  };
}

function named<View extends { readonly name: string }>(view: View) {
  return { metadata: { name: view.name }, view };
}

/** Returns the objects of a SeiNode of this name, without an owner: the garbage collector would find it missing. */
function objectsOf({ namespace, platform, image }: StatefulSetFleetOptions, name: string) {
  const node = {
    apiVersion: 'sei.io/v1alpha1',
    kind: 'SeiNode',
    metadata: { namespace, name, uid: '', generation: 1, resourceVersion: '' },
    spec: { chainId: 'pacific-1', image, fullNode: {} },
  };
  const claim = dataVolumeClaimFor(node, platform);
  if (claim === undefined) throw new Error('a full node without an imported volume has a claim');
  const target = { image, sidecarImage: platform.images.sidecar, replicas: 1 } as const;
  return { claim: unowned(claim), statefulSet: unowned(statefulSetFor(node, target, platform)) };
}

function unowned<T extends { readonly metadata?: V1ObjectMeta }>(object: T): T {
  const { ownerReferences: _, ...metadata } = object.metadata ?? {};
  return { ...object, metadata };
}
