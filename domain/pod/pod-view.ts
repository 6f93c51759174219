/** The fields of a live pod that decisions are made from. */
export interface PodView {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** The value of label `sei.io/node`. */
  readonly node: string | undefined;
  /** UID of the StatefulSet that controls the pod. */
  readonly statefulSetUid: string | undefined;
  /** Label `controller-revision-hash`. */
  readonly revision: string | undefined;
  /** RFC 3339: when its grace ends; set once somebody deletes the pod. */
  readonly deletionTimestamp: string | undefined;
  /** The seconds that the deletion gives it to stop. */
  readonly deletionGraceSeconds: number | undefined;
  /** Names of the parties that have to act before the pod may go. */
  readonly finalizers: readonly string[];
  readonly phase: string;
  /** Reason and message of the pod as a whole, such as Evicted. */
  readonly reason: string | undefined;
  readonly ip: string | undefined;
  /** The machine that runs it; undefined until it is scheduled. */
  readonly machine: string | undefined;
  /** Set once the scheduler has said that no machine takes the pod. */
  readonly unschedulable: { readonly message: string; readonly since: string } | undefined;
  readonly ready: boolean;
  /** Set if its proxy admits only tokens for an audience; absent in pods of older templates. */
  readonly asksForAudience?: true;
  /** Init containers first, in the order of the pod's spec. */
  readonly containers: readonly ContainerView[];
}

export interface ContainerView {
  readonly name: string;
  readonly init: boolean;
  /** The image of the pod's spec: the runtime's own name for it is normalised and never equal. */
  readonly image: string;
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state: ContainerState;
  /** True if this container's process has run at least once in this pod. */
  readonly hasStarted: boolean;
  /** True if the running process has passed its startup probe; undefined if none is reported. */
  readonly passedStartup?: boolean;
}

export type ContainerState =
  | { readonly kind: 'waiting'; readonly reason: string; readonly message: string }
  | { readonly kind: 'running' }
  | {
      readonly kind: 'terminated';
      readonly exitCode: number;
      readonly reason: string;
      readonly message: string;
    };

export const SEID_CONTAINER = 'seid';
export const SEID_INIT_CONTAINER = 'seid-init';
export const SIDECAR_CONTAINER = 'sei-sidecar';
export const RBAC_PROXY_CONTAINER = 'kube-rbac-proxy';

export function containerOf(pod: PodView, name: string): ContainerView | undefined {
  return pod.containers.find((container) => container.name === name);
}

/** Returns whether the pod as a whole is over. It keeps its statuses, and its address may be another pod's by now. */
export function hasEnded({ phase }: { readonly phase?: string | undefined }): boolean {
  return phase === 'Failed' || phase === 'Succeeded';
}
