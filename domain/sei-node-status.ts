/** What the operator writes on a SeiNode. */
import type { Condition } from './condition.ts';

export type Phase = 'Pending' | 'Initializing' | 'Running' | 'Failed' | 'Terminating';

/** The identity of the StatefulSet that belongs to the node. */
export interface StatefulSetIdentity {
  readonly name: string;
  readonly uid: string;
}

/** The pod that was last seen to run, as it was then: one whose images differ later was edited. */
export interface ObservedPod {
  readonly name: string;
  readonly uid: string;
  /** Of container seid, as the pod's own spec has it: admission may have rewritten the template's. */
  readonly image: string;
  readonly sidecarImage?: string;
}

export interface SeiNodeStatus {
  /** The generation of the spec that the last write of this status had read. Never set by the original. */
  readonly observedGeneration?: number;
  readonly phase?: Phase;
  /**
   * The image of container seid in the template whose pod has started last: never a copy of spec, and
   * not what admission made of it in the pod, which `pod` has.
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
  /** What the configuration on the data volume was made from: fields of the spec, each with a hash. */
  readonly config?: Readonly<Record<string, string>>;
  readonly hold?: Hold;
  readonly rollback?: Rollback;
  /** Newest first, ten at most. */
  readonly history?: readonly HistoryEntry[];
}

export type PlanPhase = 'Active' | 'Complete' | 'Failed';

export type TaskStatus = 'Pending' | 'Complete' | 'Failed';

/** What a run is doing or did last, for people and for tools that do not talk to Temporal. */
export interface Plan {
  readonly id?: string;
  readonly phase: PlanPhase;
  /** Absent in a plan that the original operator left behind. */
  readonly workflowId?: string;
  readonly targetImage?: string;
  readonly previousImage?: string;
  /** The phase that the node is in once the plan is complete; set while the plan is Active. */
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
  /** What a task of the sidecar is known by to the sidecar: a UUID, recorded before it is submitted. */
  readonly id?: string;
  /** What a task of the sidecar was given. With other parameters it is another task. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Ids of tasks of an earlier spec that may still run: this one is not begun beside them. */
  readonly after?: readonly string[];
  readonly error?: string;
}

export interface PlanFailure {
  readonly step: string;
  /** A FailureType, so that scripts can tell failures apart. */
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. */
  readonly at: string;
}

/** Somebody asked that nothing be written to this node until `resume`. */
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
  /** Who caused it: `spec` for a changed spec, else the person or tool that steered. */
  readonly actor: string;
  /** Why, in the words of whoever steered. */
  readonly reason?: string;
}
