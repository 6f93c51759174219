import type { ImagePolicy } from '../domain/node/image-policy.ts';
import type { Resources, Role } from '../domain/node/sei-node.ts';

/** The decisions of an installation for all its nodes. */
export interface PlatformSettings {
  readonly scheduling: {
    /** The machines for nodes of a role: the value of Karpenter's pool label and of the pool's taint. */
    readonly nodePool: Readonly<Record<Role, string>>;
    /** The key of that taint. */
    readonly tolerationKey: string;
    readonly serviceAccount: string;
  };
  readonly storage: Readonly<Record<Role, DataStorage>>;
  /** The resources of the seid container. */
  readonly resources: Readonly<Record<Role, Resources>>;
  readonly genesisBucket: Bucket;
  readonly snapshotBucket: Bucket;
  readonly images: {
    /** The image for nodes whose spec names none. */
    readonly sidecar: string;
    readonly rbacProxy: string;
    readonly cosmosExporter: string;
  };
  /** The domain of Services in the cluster's DNS: `cluster.local` unless somebody chose another. */
  readonly clusterDomain: string;
  /** The seconds that a pod may take to end before it is killed, if the node's spec does not say. */
  readonly terminationGraceSeconds: number;
  /** The images that the nodes may ask for; undefined: any. */
  readonly imagePolicy?: ImagePolicy;
}

interface DataStorage {
  readonly className: string;
  /** A Kubernetes quantity. */
  readonly size: string;
}

interface Bucket {
  readonly name: string;
  readonly region: string;
}
