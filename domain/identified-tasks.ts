import { canonicalJson } from './canonical-json.ts';
import type { Plan, PlanTask } from './sei-node-status.ts';
import type { PlannedTask } from './sidecar-plan.ts';
import type { SidecarTaskStep } from './step.ts';
import { SIDECAR_TASK_STEPS } from './step.ts';

/** A task of the sidecar with the id that the sidecar knows it by. */
export interface IdentifiedTask extends PlannedTask {
  /** A UUID. The sidecar keeps results on the volume: under the same id a task is done once. */
  readonly id: string;
  /** Ids of tasks of an earlier spec that may still run: this one is not begun beside them. */
  readonly after?: readonly string[];
  /** Whether status says that it is done. The sidecar is asked nevertheless: volumes can be lost. */
  readonly isDone: boolean;
}

/** An id for each task that a bring-up may have to begin. */
export type NewTaskIds = Readonly<Record<SidecarTaskStep, string>>;

/**
 * The tasks of a bring-up with their ids. Those that an earlier plan of the node began with the same
 * parameters go on under their ids, whichever run recorded them. From the first task that differs or
 * has failed, each gets a new id, because a later task works on what an earlier one has written.
 *
 * @param earlier the plan that status has.
 */
export function identifiedTasks(
  planned: readonly PlannedTask[],
  earlier: Plan | undefined,
  newIds: NewTaskIds,
): readonly IdentifiedTask[] {
  const known =
    earlier === undefined || earlier.phase === 'Complete' ? [] : sidecarTasksOf(earlier);
  const firstNew = planned.findIndex((task, index) => !isSameTask(task, known[index]));
  return planned.map((task, index) => {
    const same = firstNew === -1 || index < firstNew ? known[index] : undefined;
    if (same?.id !== undefined) {
      const isDone = same.status === 'Complete';
      return { ...task, id: same.id, ...(same.after && { after: same.after }), isDone };
    }
    const after = index === firstNew ? maybeRunning(known.slice(index)) : [];
    return {
      ...task,
      id: newIds[task.type],
      ...(after.length > 0 && { after }),
      isDone: false,
    };
  });
}

/** Tasks are begun one after the other, so only the first that is not done can run. */
function maybeRunning(dropped: readonly PlanTask[]): readonly string[] {
  const first = dropped.find(({ status }) => status !== 'Complete');
  if (first === undefined) return [];
  const own = first.id === undefined || first.status === 'Failed' ? [] : [first.id];
  return [...own, ...(first.after ?? [])];
}

function sidecarTasksOf({ tasks }: Plan): readonly PlanTask[] {
  const types: readonly string[] = SIDECAR_TASK_STEPS;
  return tasks.filter(({ type }) => types.includes(type));
}

function isSameTask({ type, params }: PlannedTask, known: PlanTask | undefined): boolean {
  return (
    known?.id !== undefined &&
    known.type === type &&
    known.status !== 'Failed' &&
    canonicalJson(known.params) === canonicalJson(params)
  );
}
