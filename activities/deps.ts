import type { Logger } from '../domain/logger.ts';
import type { WorkPolicy } from '../domain/work/due-work.ts';
import type { ClusterApi, ClusterCache } from '../kubernetes/cluster.ts';
import type { PlatformSettings } from '../manifests/platform-settings.ts';
import type { SidecarClient } from '../sidecar/sidecar-client.ts';
import type { FairShare } from './shared/fair-share.ts';

/** Everything through which activities reach the world. */
export interface ActivityDeps {
  readonly api: ClusterApi;
  readonly cache: ClusterCache;
  readonly sidecar: SidecarClient;
  /** Shared by all waits of the process. */
  readonly sidecarLooks: FairShare;
  readonly platform: PlatformSettings;
  readonly policy: WorkPolicy;
  /** True where the installation lets the worker ask whether Secrets exist. Default: false. */
  readonly checksSecrets?: boolean;
  /** True where a dry run tries the next pod before the only one goes. Default: true. */
  readonly checksSuccessor?: boolean;
  readonly logger: Logger;
  /** The worker's clock, for time stamps and graces; the workflow's deadlines never use it. */
  readonly now: () => Date;
}
