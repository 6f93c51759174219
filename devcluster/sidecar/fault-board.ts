import type { Fault, RequestFault, TaskFault } from './fault.ts';
import type { CallKind } from './sidecar-call.ts';
import type { TaskRun } from './sidecar-process.ts';
import type { TaskType } from './task.ts';

interface Posted {
  readonly fault: Fault;
  /** The number of requests, or runs of a task, that it still hits. */
  left: number;
}

/** Holds the faults of every node. They belong to the node and not to its pod, so a replacement keeps them. */
export class FaultBoard {
  readonly #posted = new Map<string, readonly Posted[]>();

  /** Replaces all faults of a node. */
  post(node: string, faults: readonly Fault[]): void {
    this.#posted.set(
      node,
      faults.map((fault) => ({ fault, left: fault.times ?? Infinity })),
    );
  }

  /** Lists the faults of a node that are not over. */
  of(node: string): readonly Fault[] {
    return this.#live(node).map(({ fault }) => fault);
  }

  /** Returns the faults that hit this request; each counts as one of its `times`. */
  hitRequest(node: string, call: CallKind): readonly RequestFault[] {
    return this.#hit(node, (fault): fault is RequestFault => {
      return !isTaskFault(fault) && (fault.calls?.includes(call) ?? true);
    });
  }

  /** Decides how a task of this type runs on this node. */
  hitTask(node: string, type: TaskType): TaskRun {
    const hits = this.#hit(node, (fault): fault is TaskFault => {
      return isTaskFault(fault) && (fault.taskTypes?.includes(type) ?? true);
    });
    const slow = hits.find((fault) => fault.kind === 'slow-task');
    const failure = hits.find((fault) => fault.kind === 'task-fails');
    return { durationMs: slow?.durationMs ?? 0, error: failure?.error };
  }

  #hit<T extends Fault>(node: string, applies: (fault: Fault) => fault is T): readonly T[] {
    return this.#live(node).flatMap((posted) => {
      if (!applies(posted.fault)) return [];
      posted.left -= 1;
      return [posted.fault];
    });
  }

  #live(node: string): readonly Posted[] {
    return (this.#posted.get(node) ?? []).filter(({ left }) => left > 0);
  }
}

function isTaskFault(fault: Fault): fault is TaskFault {
  return fault.kind === 'task-fails' || fault.kind === 'slow-task';
}
