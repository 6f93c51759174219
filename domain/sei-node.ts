import type { Condition } from './condition.ts';

/** The API group, version and kind that this operator serves: shared with the original operator. */
export const SEI_NODE_GROUP = 'sei.io';
export const SEI_NODE_VERSION = 'v1alpha1';
export const SEI_NODE_KIND = 'SeiNode';
export const SEI_NODE_PLURAL = 'seinodes';

/** Labels every object of a node carries; the watches select by the first. */
export const NODE_LABEL = 'sei.io/node';
export const CHAIN_LABEL = 'sei.io/chain';
export const ROLE_LABEL = 'sei.io/role';

/** The field manager of everything we apply; the original's, so that a takeover changes no owner. */
export const FIELD_MANAGER = 'seinode-controller';

/** Holds a deleted node back until what it consists of is gone. */
export const FINALIZER = 'sei.io/seinode-finalizer';

/** The one annotation of a SeiNode that is read. */
export const DEDICATED_NODE_ANNOTATION = 'sei.io/dedicated-node';

export type Phase = 'Pending' | 'Initializing' | 'Running' | 'Failed' | 'Terminating';

/** A SeiNode as the API server returns it. Fields that no code here reads are kept by the server. */
export interface SeiNode {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: SeiNodeMetadata;
  readonly spec: SeiNodeSpec;
  readonly status?: SeiNodeStatus;
}

export interface SeiNodeMetadata {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly generation: number;
  readonly resourceVersion: string;
  /** RFC 3339. */
  readonly creationTimestamp?: string;
  /** RFC 3339; present from the moment somebody deletes the node. */
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface SeiNodeSpec {
  readonly chainId: string;
  readonly image: string;
  readonly peers?: readonly PeerSource[];
  readonly overrides?: Readonly<Record<string, string>>;
  readonly sidecar?: SidecarSpec;
  readonly podLabels?: Readonly<Record<string, string>>;
  readonly dataVolume?: { readonly import?: { readonly pvcName: string } };
  readonly externalAddress?: string;
  /** Scales the node to zero. */
  readonly paused?: boolean;
  /** How long its pod may take to end; default is the installation's. */
  readonly terminationGracePeriodSeconds?: number;
  readonly updatePolicy?: UpdatePolicy;
  /** Exactly one of the modes below is set; the CRD refuses anything else. */
  readonly fullNode?: FullNodeMode;
  readonly archive?: { readonly snapshotGeneration?: SnapshotGeneration };
  readonly replayer?: { readonly snapshot: Snapshot; readonly resultExport?: unknown };
  readonly validator?: ValidatorMode;
}

export interface PeerSource {
  readonly ec2Tags?: { readonly region: string; readonly tags: Readonly<Record<string, string>> };
  readonly static?: { readonly addresses: readonly string[] };
  readonly label?: {
    readonly selector: Readonly<Record<string, string>>;
    readonly namespace?: string;
  };
}

export interface SidecarSpec {
  readonly image?: string;
  /** Default 7777. */
  readonly port?: number;
  /** Kubernetes ResourceRequirements. */
  readonly resources?: Resources;
}

export interface Resources {
  readonly requests?: Readonly<Record<string, string>>;
  readonly limits?: Readonly<Record<string, string>>;
}

export interface UpdatePolicy {
  /** Seconds. Default 600. */
  readonly progressDeadlineSeconds?: number;
  readonly autoRollback?: boolean;
}

export interface FullNodeMode {
  readonly snapshot?: Snapshot;
  readonly snapshotGeneration?: SnapshotGeneration;
}

export interface ValidatorMode {
  readonly snapshot?: Snapshot;
  readonly genesisCeremony?: unknown;
  readonly signingKey?: { readonly secret: { readonly secretName: string } };
  readonly nodeKey?: { readonly secret: { readonly secretName: string } };
  readonly operatorKeyring?: { readonly secret?: OperatorKeyringSecret };
}

export interface OperatorKeyringSecret {
  readonly secretName: string;
  /** Default node_admin. */
  readonly keyName?: string;
  readonly passphraseSecretRef: { readonly secretName: string; readonly key: string };
}

export interface Snapshot {
  readonly s3?: { readonly targetHeight: number };
  readonly stateSync?: Readonly<Record<string, never>>;
  readonly trustPeriod?: string;
  readonly backfillBlocks?: number;
  /** As host:port. */
  readonly rpcServers?: readonly string[];
  readonly bootstrapImage?: string;
}

export interface SnapshotGeneration {
  readonly tendermint?: {
    readonly keepRecent: number;
    readonly publish?: Readonly<Record<string, never>>;
  };
}

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

/** The role by which the platform chooses resources and storage; also the value of `sei.io/role`. */
export type Role = 'validator' | 'archive' | 'replayer' | 'node';

/** The role of a node: the mode that its spec sets. */
export function roleOf(spec: SeiNodeSpec): Role {
  if (spec.validator !== undefined) return 'validator';
  if (spec.archive !== undefined) return 'archive';
  if (spec.replayer !== undefined) return 'replayer';
  return 'node';
}
