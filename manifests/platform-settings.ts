import type { ImagePolicy } from '../domain/image-policy.ts';
import type { Resources, Role } from '../domain/sei-node.ts';

/** What an installation decides for all its nodes. */
export interface PlatformSettings {
  readonly scheduling: {
    /** The machines for nodes of a role: the value of Karpenter's pool label and of the pool's taint. */
    readonly nodePool: Readonly<Record<Role, string>>;
    /** Key of that taint. */
    readonly tolerationKey: string;
    readonly serviceAccount: string;
  };
  readonly storage: Readonly<Record<Role, DataStorage>>;
  /** Of the seid container. */
  readonly resources: Readonly<Record<Role, Resources>>;
  readonly genesisBucket: Bucket;
  readonly snapshotBucket: Bucket;
  readonly images: {
    /** For nodes whose spec names none. */
    readonly sidecar: string;
    readonly rbacProxy: string;
    readonly cosmosExporter: string;
  };
  /** Under which the cluster's DNS has Services: `cluster.local` unless somebody chose another. */
  readonly clusterDomain: string;
  /** How long a pod may take to end before it is killed, where the node's spec does not say. */
  readonly terminationGraceSeconds: number;
  /** Which images the nodes may ask for; undefined: any. */
  readonly imagePolicy?: ImagePolicy;
}

/** Of a data volume. */
interface DataStorage {
  readonly className: string;
  /** A Kubernetes quantity. */
  readonly size: string;
}

/** An S3 bucket. */
interface Bucket {
  readonly name: string;
  readonly region: string;
}
