import type { ClusterEntry, UserEntry } from './kubeconfig-file.ts';

/** How one cluster is reached, and as whom. */
export interface ClusterAccess {
  readonly context: string;
  /** What is meant where none is named; undefined where the context names none either. */
  readonly namespace: string | undefined;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
}
