import type { WorkPolicy } from '../domain/due-work.ts';
import type { Logger } from '../domain/logger.ts';
import type { ClusterApi, ClusterCache } from '../kubernetes/cluster.ts';
import type { PlatformSettings } from '../manifests/platform-settings.ts';
import type { SidecarClient } from '../sidecar/sidecar-client.ts';

/** Everything that activities reach the world through. */
export interface ActivityDeps {
  readonly api: ClusterApi;
  readonly cache: ClusterCache;
  readonly sidecar: SidecarClient;
  readonly platform: PlatformSettings;
  readonly policy: WorkPolicy;
  /** Whether the installation lets the worker ask whether Secrets exist. Default false. */
  readonly checksSecrets?: boolean;
  /** Whether the next pod is tried by a dry run before the only one goes. Default true. */
  readonly checksSuccessor?: boolean;
  readonly logger: Logger;
  /** The worker's clock: for time stamps and for graces, never for deadlines of the workflow. */
  readonly now: () => Date;
}
