import type { SeiNodeStatus } from './sei-node-status.ts';

/** The API group, version and kind that this operator serves: shared with the original operator. */
export const SEI_NODE_GROUP = 'sei.io';
export const SEI_NODE_VERSION = 'v1alpha1';
export const SEI_NODE_KIND = 'SeiNode';
export const SEI_NODE_PLURAL = 'seinodes';

/** A SeiNode's kind, as references to one name it. */
export const SEI_NODE_TYPE = {
  apiVersion: `${SEI_NODE_GROUP}/${SEI_NODE_VERSION}`,
  kind: SEI_NODE_KIND,
} as const;

/** The labels that every object of a node carries; the watches select by the first. */
export const NODE_LABEL = 'sei.io/node';
export const CHAIN_LABEL = 'sei.io/chain';
export const ROLE_LABEL = 'sei.io/role';

/** The field manager of all our applies; the original's, so that a take-over changes no owner. */
export const FIELD_MANAGER = 'seinode-controller';

/** Keeps a deleted node until all its objects are gone. */
export const FINALIZER = 'sei.io/seinode-finalizer';

/** The only annotation of a SeiNode that the operator reads. */
export const DEDICATED_NODE_ANNOTATION = 'sei.io/dedicated-node';

/** A SeiNode as the API server returns it. The server keeps fields that no code here reads. */
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
  /** Seconds that its pod may take to end; the default is the installation's. */
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

export type PlanPhase = 'Active' | 'Complete' | 'Failed';
/** The role by which the platform chooses resources and storage; also the value of `sei.io/role`. */
export type Role = 'validator' | 'archive' | 'replayer' | 'node';

/** Returns the role of a node: the mode that its spec sets. */
export function roleOf(spec: SeiNodeSpec): Role {
  if (spec.validator !== undefined) return 'validator';
  if (spec.archive !== undefined) return 'archive';
  if (spec.replayer !== undefined) return 'replayer';
  return 'node';
}
