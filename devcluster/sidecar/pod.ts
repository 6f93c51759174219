import type { ObjectKey } from '../../domain/node/node-ref.ts';

/** The fields that every Kubernetes object has, as far as they are read here. */
export interface KubeObject {
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
    readonly deletionGracePeriodSeconds?: number;
  };
}

/** The parts of a Pod, as the API server sends it, that the sidecar and its probes depend on. */
export interface Pod extends KubeObject {
  readonly spec: {
    readonly initContainers?: readonly Container[];
    readonly containers: readonly Container[];
    readonly volumes?: readonly {
      readonly name: string;
      readonly persistentVolumeClaim?: { readonly claimName: string };
    }[];
  };
  readonly status: PodStatus;
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly restartPolicy?: string;
}

export interface PodStatus {
  readonly podIP?: string;
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly conditions?: readonly PodCondition[];
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready: boolean;
  readonly started?: boolean;
  readonly restartCount: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: object;
  readonly waiting?: object;
}

export interface PodCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** The label that says which SeiNode a pod belongs to. */
export const NODE_LABEL = 'sei.io/node';

/** Returns the SeiNode that the pod belongs to. */
export function nodeOf(pod: Pod): ObjectKey {
  return {
    namespace: pod.metadata.namespace,
    name: pod.metadata.labels?.[NODE_LABEL] ?? pod.metadata.name,
  };
}

/** Finds a container of this name, init container or not, that is running. */
export function runningContainer(pod: Pod, name: string): ContainerStatus | undefined {
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status;
  return [...initContainerStatuses, ...containerStatuses].find(
    (container) => container.name === name && container.state?.running !== undefined,
  );
}
