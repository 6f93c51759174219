import type { Plan, PlanTask } from '../node/sei-node-status.ts';
import type { SidecarTaskStep } from '../node/step.ts';
import { SIDECAR_TASK_STEPS } from '../node/step.ts';
import { canonicalJson } from '../text/canonical-json.ts';
import type { PlannedTask } from './sidecar-plan.ts';

/** A task of the sidecar with the id under which the sidecar knows it. */
export interface IdentifiedTask extends PlannedTask {
  /** A UUID. The sidecar keeps results on the volume: under the same id a task is done once. */
  readonly id: string;
  /** Ids of tasks of an earlier spec that may still run: this one does not start beside them. */
  readonly after?: readonly string[];
  /** True if status says that it is done. The step asks the sidecar all the same: volumes can be lost. */
  readonly isDone: boolean;
}

/** An id for each task that a bring-up may have to start. */
export type NewTaskIds = Readonly<Record<SidecarTaskStep, string>>;

/**
 * Returns the tasks of a bring-up with their ids. Tasks that an earlier plan of the node started with the
 * same parameters go on under their ids, whichever run recorded them. From the first task that differs or
 * has failed, each gets a new id, because a later task works on the output of an earlier one.
 *
 * @param earlier the plan on status.
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

/** Tasks start one after the other, so only the first that is not done can run. */
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
