import type { Installation } from '../domain/task-queue.ts';
import { defaultTaskQueue } from '../domain/task-queue.ts';
import type { KubernetesConnection } from '../kubernetes/api/client.ts';
import type { OperatorSettings } from '../settings/settings.ts';
import { resolveClusterName } from './open-cluster.ts';

/**
 * Derives what this installation serves, and on which task queue, from its settings and its cluster: in
 * one place, because a watcher and a worker that differ never meet.
 *
 * @throws {UserError} when the cluster has no name that can be read
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
    // Where several are served it is said.
    taskQueue: settings.taskQueue ?? defaultTaskQueue(cluster, namespaces?.[0]),
  };
}
