import type { ClusterEntry, UserEntry } from './kubeconfig-file.ts';

/** The address of one cluster, and the user to reach it as. */
export interface ClusterAccess {
  readonly context: string;
  /** The default namespace; undefined where the context has none. */
  readonly namespace: string | undefined;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
}
