import { defaultTaskQueue } from '../../domain/run/task-queue.ts';
import type { OperatorSettings } from '../../settings/settings.ts';
import { askTemporal } from './ask-temporal.ts';
import type { OpenTemporal } from './open-temporal.ts';
import { pollersOf } from './pollers.ts';

/**
 * Returns the task queue of the installation that serves a namespace. People who use the command line rarely have the
 * variables of the operator: without them, workers on the queue of this namespace alone show an installation for it.
 */
export async function taskQueueFor(
  temporal: OpenTemporal,
  { taskQueue, servedNamespaces }: Pick<OperatorSettings, 'taskQueue' | 'servedNamespaces'>,
  node: { readonly cluster: string; readonly namespace: string },
): Promise<string> {
  if (taskQueue !== undefined) return taskQueue;
  // An installation that serves several namespaces has its task queue set.
  if (servedNamespaces !== undefined) return defaultTaskQueue(node.cluster, servedNamespaces[0]);
  const itsOwn = defaultTaskQueue(node.cluster, node.namespace);
  const pollers = await askTemporal(temporal, () => pollersOf(temporal, itsOwn, 'workflow'));
  return pollers > 0 ? itsOwn : defaultTaskQueue(node.cluster, undefined);
}
