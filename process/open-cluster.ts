import type { Logger } from '../domain/logger.ts';
import type { KubernetesConnection } from '../kubernetes/api/client.ts';
import { connect } from '../kubernetes/api/client.ts';
import { clusterNameOf } from '../kubernetes/api/cluster-name.ts';
import { startServedCache } from '../kubernetes/watch/served-cache.ts';
import type {
  ContentsOfOwned,
  SharedCache,
  WatchEndListener,
} from '../kubernetes/watch/shared-cache.ts';
import type { OperatorSettings } from '../settings/settings.ts';
import { UserError } from '../settings/user-error.ts';
import { connectWithin } from './connect-within.ts';
import { syncedWithin } from './synced-within.ts';

export interface OpenCluster {
  readonly connection: KubernetesConnection;
  readonly cache: SharedCache;
}

/**
 * Says for each process, by its user agent, whether it reads the contents of Services and ConfigMaps. The watcher finds
 * drift in them. Activities compare live reads, and a worker that read the contents too would need as much memory.
 */
export const CONTENTS = {
  'seinode-watcher': 'read',
  'seinode-worker': 'unread',
} as const satisfies Readonly<Record<string, ContentsOfOwned>>;

/**
 * Connects to the Kubernetes cluster of the environment and lists the objects that the operator watches.
 *
 * @throws {UserError} if there is no usable kubeconfig, or the API server does not answer in time
 */
export async function openCluster(
  settings: OperatorSettings,
  userAgent: keyof typeof CONTENTS,
  logger: Logger,
  signal: AbortSignal,
  onWatchEnd: WatchEndListener,
): Promise<OpenCluster> {
  const connection = connectFromEnvironment(userAgent);
  await connectWithin(
    settings.connectTimeoutSeconds,
    `Kubernetes at ${connection.server}`,
    'check KUBECONFIG and that the API server is up',
    () => connection.getJson('/version'),
  );
  const cache = startServedCache({
    connection,
    namespaces: settings.servedNamespaces,
    contents: CONTENTS[userAgent],
    logger,
    signal,
    onWatchEnd,
  });
  await syncedWithin(settings.connectTimeoutSeconds, cache, logger);
  return { connection, cache };
}

/** @throws {UserError} if there is no usable kubeconfig */
function connectFromEnvironment(userAgent: string): KubernetesConnection {
  try {
    return connect({ userAgent });
  } catch (err) {
    throw new UserError((err as Error).message, { cause: err });
  }
}

/** Returns the name of this cluster in workflow ids: the configured one, otherwise one derived from the cluster. */
export async function resolveClusterName(
  settings: Pick<OperatorSettings, 'clusterName'>,
  connection: Pick<KubernetesConnection, 'getJson'>,
): Promise<string> {
  if (settings.clusterName !== undefined) return settings.clusterName;
  try {
    return await clusterNameOf(connection);
  } catch (err) {
    throw new UserError(
      `cannot read namespace kube-system to derive the cluster's name: ${(err as Error).message}; set SEINODE_CLUSTER_NAME`,
      { cause: err },
    );
  }
}
