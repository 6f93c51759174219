import type { OwnerView } from '../node/owner-view.ts';

/** The fields of a live StatefulSet that decisions are made from. */
export interface StatefulSetView {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  readonly terminating: boolean;
  /** The controlling owner, if any. */
  readonly owner:
    | { readonly kind: string; readonly name: string; readonly uid: string }
    | undefined;
  readonly owners: readonly OwnerView[];
  readonly labels: Readonly<Record<string, string>>;
  readonly replicas: number;
  readonly updateStrategy: string;
  readonly serviceName: string;
  /** The labels that the selector asks for, its expressions as `key operator`. */
  readonly selector: Readonly<Record<string, string>>;
  readonly podManagementPolicy: string;
  /** Names of the templates from which its controller makes a claim for each pod. */
  readonly claimTemplates: readonly string[];
  /** The image of container seid in the template. */
  readonly templateImage: string | undefined;
  readonly templateSidecarImage: string | undefined;
  /** Zero until the StatefulSet controller has seen it once. */
  readonly observedGeneration: number;
  readonly updateRevision: string | undefined;
  readonly updatedReplicas: number;
}
