import type { FailureType } from '../failure/failure-type.ts';

/** The reason why a pod does not get further on its own. */
export type PodTroubleReason =
  | 'ImagePullBackOff'
  | 'InvalidImageName'
  | 'CreateContainerConfigError'
  | 'CrashLoopBackOff'
  | 'Unschedulable'
  | 'PVCNotReady'
  | 'PodTerminating'
  /** Something refuses the pod: a quota, a LimitRange, Pod Security, a webhook, a missing ServiceAccount. */
  | 'PodRefused'
  | 'FailedMount'
  | 'FailedAttachVolume'
  | 'FailedCreatePodSandBox';

/** The reason of a stall that is neither a trouble of the pod nor a failure. */
export type Hindrance =
  /** The API server, or a webhook behind it, answers a step with errors again and again. */
  | 'ApiServerError'
  /** Somebody deleted the claim of the data, and it goes with the last pod that uses it. */
  | 'DataVolumeTerminating'
  /** A node that may have no pod waits for one that somebody else made. */
  | 'ForeignPod'
  /** Another node has a key or a claim that the pod would mount. */
  | 'IdentityInUse'
  /** The same work is due again and again. */
  | 'NotConverging'
  | 'ProgressDeadlineExceeded'
  | 'SecretNotFound'
  /** The sidecar answers with errors. */
  | 'SidecarFailing'
  /** The sidecar refuses our token, or there is none. */
  | 'SidecarUnauthorized'
  | 'SidecarUnreachable'
  /** Somebody gave the StatefulSet other ordinals, or more replicas, and a pod of those is left. */
  | 'SurplusPod'
  /** An older object of the node's name is there long after it should be gone. */
  | 'WaitingForDeletion';

/**
 * The reasons for which this version stalls a node. Stable: each becomes the reason of a condition. A new one does not
 * compile until the command line has advice for it.
 */
export type StallReason = PodTroubleReason | Hindrance | FailureType;
