import type { OpenTemporal } from './open-temporal.ts';
import { millisecondsOf } from './proto-time.ts';

export type QueueKind = 'workflow' | 'activity';

/** Their numbers in Temporal's API (temporal.api.enums.v1.TaskQueueType). */
const TASK_QUEUE_TYPES: Readonly<Record<QueueKind, number>> = { workflow: 1, activity: 2 };

/** A poll lasts a minute at most; the server still lists pollers that have been gone for up to five. */
const ALIVE_MS = 70_000;

/** Counts the workers that poll a task queue. */
export async function pollersOf(
  { connection, namespace }: OpenTemporal,
  queue: string,
  kind: QueueKind,
): Promise<number> {
  const { pollers } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType: TASK_QUEUE_TYPES[kind],
  });
  const alive = (pollers ?? []).filter(
    ({ lastAccessTime }) => millisecondsOf(lastAccessTime) > Date.now() - ALIVE_MS,
  );
  // A process polls by several sticky and plain pollers of one identity.
  return new Set(alive.map(({ identity }) => identity)).size;
}
