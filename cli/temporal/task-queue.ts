import { defaultTaskQueue } from '../../domain/run/task-queue.ts';
import type { OperatorSettings } from '../../settings/settings.ts';
import { askTemporal } from './ask-temporal.ts';
import type { OpenTemporal } from './open-temporal.ts';
import { pollersOf } from './pollers.ts';

/**
 * The task queue of whoever serves a namespace. Who uses the command line rarely has the variables of the
 * operator: where none says it, an installation for this namespace alone is told by its workers.
 */
export async function taskQueueFor(
  temporal: OpenTemporal,
  { taskQueue, servedNamespaces }: Pick<OperatorSettings, 'taskQueue' | 'servedNamespaces'>,
  node: { readonly cluster: string; readonly namespace: string },
): Promise<string> {
  if (taskQueue !== undefined) return taskQueue;
  // Where several are served it is said.
  if (servedNamespaces !== undefined) return defaultTaskQueue(node.cluster, servedNamespaces[0]);
  const itsOwn = defaultTaskQueue(node.cluster, node.namespace);
  const pollers = await askTemporal(temporal, () => pollersOf(temporal, itsOwn, 'workflow'));
  return pollers > 0 ? itsOwn : defaultTaskQueue(node.cluster, undefined);
}
