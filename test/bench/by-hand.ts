import type { V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import { AppsV1Api, CoreV1Api, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node';

import { isRevisionKnown } from '../../domain/pod/pod-replacement.ts';
import { SEID_CONTAINER, SEID_INIT_CONTAINER } from '../../domain/pod/pod-view.ts';
import { runningPod } from '../../domain/pod/running-pod.ts';
import { connect } from '../../kubernetes/api/client.ts';
import { podView } from '../../kubernetes/views/pod-view.ts';
import { statefulSetView } from '../../kubernetes/views/stateful-set-view.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { typedApi } from '../support/testbed/typed-api.ts';
import { watchObjects } from '../support/testbed/watched-objects.ts';
import { handMadeObjects } from './hand-made-objects.ts';

/** Ten times what 100 of them take on two cores: a benchmark that hangs must end. */
const DEADLINE_MS = 300_000;

/** Makes the floor: works on the objects of nodes as a person would who only had watches. */
export interface ByHand {
  /**
   * Gives each node's StatefulSet the image, all at once: patches the template, deletes the pod once the controller
   * knows the new revision, waits for the new pod to run and to be counted.
   */
  update(names: readonly string[], image: string): Promise<void>;
  /** Creates what a node of each name consists of, all at once, and waits as above. */
  bringUp(names: readonly string[], image: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens watches of its own, for as long as somebody works by hand. */
export async function openByHand(bed: Testbed): Promise<ByHand> {
  const { namespace } = bed;
  const { kubeconfigPath } = bed.cluster;
  const connection = connect({ kubeconfigPath, userAgent: 'seinode-bench-floor' });
  const watching = new AbortController();
  const { signal } = watching;
  const core = typedApi(connection, CoreV1Api);
  const apps = typedApi(connection, AppsV1Api);
  const [statefulSets, pods] = await Promise.all([
    watchObjects({
      connection,
      path: `/apis/apps/v1/namespaces/${namespace}/statefulsets`,
      transform: (object) => named(statefulSetView(object as V1StatefulSet)),
      signal,
    }),
    watchObjects({
      connection,
      path: `/api/v1/namespaces/${namespace}/pods`,
      transform: (object) => named(podView(object as V1Pod)),
      signal,
    }),
  ]);

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

  const bringUp = async (name: string, image: string): Promise<void> => {
    const { claim, configMap, service, statefulSet } = handMadeObjects(bed, name, image);
    await core.createNamespacedPersistentVolumeClaim({ namespace, body: claim });
    await core.createNamespacedConfigMap({ namespace, body: configMap });
    await core.createNamespacedService({ namespace, body: service });
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
    update: async (names, image) => {
      await Promise.all(names.map((name) => update(name, image)));
    },
    bringUp: async (names, image) => {
      await Promise.all(names.map((name) => bringUp(name, image)));
    },
    close: async () => {
      watching.abort();
      await connection.close();
    },
  };
}

function named<View extends { readonly name: string }>(view: View) {
  return { metadata: { name: view.name }, view };
}
