import type {
  V1Container,
  V1ContainerStatus,
  V1Lease,
  V1PersistentVolumeClaim,
  V1Pod,
  V1Secret,
  V1StatefulSet,
} from '@kubernetes/client-node';

/** The shape of a class of the client library without the class, as in JSON. */
type Plain<T> = T extends Date ? T : T extends object ? { [Field in keyof T]: Plain<T[Field]> } : T;

export type PlainPod = Plain<V1Pod>;
export type PlainSecret = Plain<V1Secret>;
export type PlainLease = Plain<V1Lease>;
export type PlainClaim = Plain<V1PersistentVolumeClaim>;
export type PlainStatefulSet = Plain<V1StatefulSet>;
export type PlainContainer = Plain<V1Container>;
export type PlainContainerStatus = Plain<V1ContainerStatus>;
