import type { IdentifiedTask } from '../../domain/sidecar/identified-tasks.ts';
import type { PlannedTask } from '../../domain/sidecar/sidecar-plan.ts';

/** The task as status knows it, before it is done. */
export function identified(task: PlannedTask, id = `id of ${task.type}`): IdentifiedTask {
  return { ...task, id, isDone: false };
}
