import type { IdentifiedTask } from '../../domain/identified-tasks.ts';
import type { PlannedTask } from '../../domain/sidecar-plan.ts';

/** The task as status knows it, before it is done. */
export function identified(task: PlannedTask, id = `id of ${task.type}`): IdentifiedTask {
  return { ...task, id, isDone: false };
}
