import type { IdentifiedTask } from '../../domain/sidecar/identified-tasks.ts';
import type { PlannedTask } from '../../domain/sidecar/sidecar-plan.ts';

/** Returns the task as status has it before it is done. */
export function identified(task: PlannedTask, id = `id of ${task.type}`): IdentifiedTask {
  return { ...task, id, isDone: false };
}
