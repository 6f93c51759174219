import { readFileSync } from 'node:fs';

import type { V1Pod } from '@kubernetes/client-node';

import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import { connect } from '../../kubernetes/api/client.ts';
import { startReflector } from '../../kubernetes/watch/reflector.ts';
import { dataVolumeClaimFor } from '../../manifests/data-volume-claim.ts';
import { statefulSetFor } from '../../manifests/stateful-set.ts';
import { readPlatformSettings } from '../../settings/read-platform-settings.ts';
import { recordedLog } from '../kubernetes/recorded-log.ts';
import { eventually } from '../support/eventually.ts';
import { seiNode } from '../support/sei-node.ts';

/** Makes the pods of SeiNodes in one namespace, with the StatefulSets as rendered but without an operator. */
export interface StagedPods {
  /**
   * Creates what the node's pod needs, and waits for its first moment that meets the condition, which may be over by
   * now.
   */
  start(node: string, images: Images, until: Condition): Promise<V1Pod>;
  /** Waits until the newest pod of the name meets the condition. */
  pod(name: string, what: string, condition: Condition): Promise<V1Pod>;
  /** Lists all that was seen of pods with this name so far, oldest first. */
  momentsOf(name: string): readonly V1Pod[];
  close(): Promise<void>;
}

/** Stands for images that the operator would not render. */
const RENDERED = 'ghcr.io/sei-protocol/sei:rendered';

interface Images {
  readonly image: string;
  readonly sidecarImage?: string;
}

type Condition = (pod: V1Pod) => boolean;

export async function stagedPods(cluster: Devcluster, namespace: string): Promise<StagedPods> {
  const platform = readPlatformSettings(cluster.env, (path) => readFileSync(path, 'utf8'));
  const connection = connect({ kubeconfigPath: cluster.kubeconfigPath, userAgent: 'stages-test' });
  const stop = new AbortController();
  const moments: V1Pod[] = [];
  const reflector = startReflector({
    connection,
    path: `/api/v1/namespaces/${namespace}/pods`,
    transform: (object) => object as V1Pod,
    onChange: ({ kind, object }) => {
      if (kind !== 'deleted') moments.push(object);
    },
    logger: recordedLog(),
    signal: stop.signal,
  });
  await reflector.whenSynced();

  const pod: StagedPods['pod'] = async (name, what, condition) => {
    const matching = () => {
      const now = reflector.get(`${namespace}/${name}`);
      return now !== undefined && condition(now) ? now : undefined;
    };
    let found: V1Pod | undefined;
    await eventually(`pod ${name} ${what}`, () => (found = matching()) !== undefined);
    if (found === undefined) throw new Error(`There is no pod ${name}`);
    return found;
  };

  const momentsOf = (name: string) => moments.filter(({ metadata }) => metadata?.name === name);

  return {
    pod,
    start: async (name, { image, sidecarImage = 'ghcr.io/sei-protocol/seictl:v1' }, until) => {
      const node = seiNode({ metadata: { name, namespace }, spec: { image: RENDERED } });
      const objects = [
        dataVolumeClaimFor(node, platform),
        statefulSetFor(node, { image: RENDERED, sidecarImage, replicas: 1 }, platform),
      ];
      for (const object of objects) {
        const manifest = structuredClone(object);
        // The garbage collector would take it for the orphan of a SeiNode that is not there.
        delete manifest?.metadata?.ownerReferences;
        const input = JSON.stringify(manifest).replaceAll(RENDERED, image);
        await cluster.kubectl(['create', '-f', '-'], { input });
      }
      let found: V1Pod | undefined;
      const first = () => momentsOf(`${name}-0`).find(until);
      await eventually(`pod ${name}-0 is as it was to be`, () => (found = first()) !== undefined);
      if (found === undefined) throw new Error(`There is no pod ${name}-0`);
      return found;
    },
    momentsOf,
    close: () => {
      stop.abort();
      return connection.close();
    },
  };
}

/** Returns the status of a container, init container or not. */
export function statusOf({ status }: V1Pod, container: string) {
  const { initContainerStatuses = [], containerStatuses = [] } = status ?? {};
  return [...initContainerStatuses, ...containerStatuses].find(({ name }) => name === container);
}

/** Returns the reason why a container waits, or undefined when it does not. */
export function waitsFor(pod: V1Pod, container: string): string | undefined {
  return statusOf(pod, container)?.state?.waiting?.reason;
}

export function isRunning(pod: V1Pod, container: string): boolean {
  return statusOf(pod, container)?.state?.running !== undefined;
}

export function podConditionOf({ status }: V1Pod, type: string) {
  return status?.conditions?.find((condition) => condition.type === type);
}

export function isReady(pod: V1Pod): boolean {
  return podConditionOf(pod, 'Ready')?.status === 'True';
}
