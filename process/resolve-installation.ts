import type { Installation } from '../domain/run/task-queue.ts';
import { defaultTaskQueue } from '../domain/run/task-queue.ts';
import type { KubernetesConnection } from '../kubernetes/api/client.ts';
import type { OperatorSettings } from '../settings/settings.ts';
import { resolveClusterName } from './open-cluster.ts';

/**
 * Derives from the settings and the cluster which nodes this installation serves, and on which task queue:
 * in one place, because a watcher and a worker that differ never meet.
 *
 * @throws {UserError} if the cluster has no name that can be read
 */
export async function resolveInstallation(
  settings: Pick<OperatorSettings, 'clusterName' | 'servedNamespaces' | 'taskQueue'>,
  connection: Pick<KubernetesConnection, 'getJson'>,
): Promise<Installation> {
  const cluster = await resolveClusterName(settings, connection);
  const namespaces = settings.servedNamespaces;
  return {
    cluster,
    namespaces,
    // An installation for several namespaces has its queue set.
    taskQueue: settings.taskQueue ?? defaultTaskQueue(cluster, namespaces?.[0]),
  };
}
