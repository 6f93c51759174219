/** The status that the operator writes on a SeiNode. */
import type { Condition } from './condition.ts';

export type Phase = 'Pending' | 'Initializing' | 'Running' | 'Failed' | 'Terminating';

/** The identity of the StatefulSet that belongs to the node. */
export interface StatefulSetIdentity {
  readonly name: string;
  readonly uid: string;
}

/** The pod that was last seen to run, as it was then: if its images differ later, somebody edited it. */
export interface ObservedPod {
  readonly name: string;
  readonly uid: string;
  /** The image of container seid in the pod's own spec: admission may have rewritten the template's. */
  readonly image: string;
  readonly sidecarImage?: string;
}

export interface SeiNodeStatus {
  /** The generation of the spec that the last write of this status had read. Never set by the original. */
  readonly observedGeneration?: number;
  readonly phase?: Phase;
  /**
   * The image of container seid in the template of the pod that has started last. Never a copy of spec;
   * `pod` has the image that admission made of it.
   */
  readonly currentImage?: string;
  readonly currentSidecarImage?: string;
  readonly conditions?: readonly Condition[];
  /** RFC 3339. */
  readonly phaseTransitionTime?: string;
  readonly statefulSet?: StatefulSetIdentity;
  readonly pod?: ObservedPod;
  /** A StatefulSet of another UID under the node's name, while it is being deleted. */
  readonly impostor?: StatefulSetIdentity;
  readonly plan?: Plan;
  /** The source of the configuration on the data volume: fields of the spec, each with a hash. */
  readonly config?: Readonly<Record<string, string>>;
  readonly hold?: Hold;
  readonly rollback?: Rollback;
  /** Newest first, ten at most. */
  readonly history?: readonly HistoryEntry[];
}

export type PlanPhase = 'Active' | 'Complete' | 'Failed';

export type TaskStatus = 'Pending' | 'Complete' | 'Failed';

/** The present or last work of a run, for people and for tools that do not talk to Temporal. */
export interface Plan {
  readonly id?: string;
  readonly phase: PlanPhase;
  /** Absent in a plan that the original operator left behind. */
  readonly workflowId?: string;
  readonly targetImage?: string;
  readonly previousImage?: string;
  /** The phase of the node once the plan is complete; set while the plan is Active. */
  readonly targetPhase?: Phase;
  readonly tasks: readonly PlanTask[];
  /** RFC 3339. */
  readonly startedAt?: string;
  /** Kept until an update completes. */
  readonly lastFailure?: PlanFailure;
}

export interface PlanTask {
  readonly type: string;
  readonly status: TaskStatus;
  /** The id under which the sidecar knows the task: a UUID, recorded before it is submitted. */
  readonly id?: string;
  /** The parameters of the sidecar's task. Other parameters make another task. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Ids of tasks of an earlier spec that may still run: this one does not start beside them. */
  readonly after?: readonly string[];
  readonly error?: string;
}

export interface PlanFailure {
  readonly step: string;
  /** A FailureType, so that scripts can distinguish failures. */
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. */
  readonly at: string;
}

/** Somebody asked the operator to write nothing to this node until `resume`. */
export interface Hold {
  readonly reason: string;
  readonly actor: string;
  /** RFC 3339. */
  readonly since: string;
}

/** While spec.image equals rejectedImage, the target is `image`. */
export interface Rollback {
  readonly rejectedImage: string;
  readonly image: string;
  readonly generation: number;
}

export type UpdateOutcome =
  | 'Complete'
  | 'Failed'
  | 'Superseded'
  | 'RolledBack'
  /** A rollback was ended, and the rejected image is tried again. */
  | 'Retried'
  | 'Held'
  | 'Resumed';

export interface HistoryEntry {
  readonly from: string;
  readonly to: string;
  readonly outcome: UpdateOutcome;
  /** RFC 3339. */
  readonly startedAt: string;
  /** RFC 3339. */
  readonly endedAt: string;
  /** The cause: `spec` for a changed spec, otherwise the person or tool that steered. */
  readonly actor: string;
  /** The reason, in the words of whoever steered. */
  readonly reason?: string;
}
