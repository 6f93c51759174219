import { uuid4 } from '@temporalio/workflow';

import type { PlannedTask } from '../domain/sidecar-plan.ts';

/**
 * The ids under which a plan's tasks are known to the sidecar. A task keeps its id through pauses, pod
 * replacements and continued runs: results are kept on the volume, so what is done is answered at once,
 * and what runs is waited for and not begun a second time beside it.
 */
export class SidecarTaskIds {
  readonly #ids: Map<string, string>;
  #planId: string | undefined;

  /** @param known what `all` was in the run before, at that plan. */
  constructor(planId?: string, known: Readonly<Record<string, string>> = {}) {
    this.#planId = planId;
    this.#ids = new Map(Object.entries(known));
  }

  get all(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#ids);
  }

  of(planId: string, task: PlannedTask): string {
    if (planId !== this.#planId) this.#ids.clear();
    this.#planId = planId;
    const key = keyOf(task);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = uuid4();
    this.#ids.set(key, id);
    return id;
  }

  /** The task is done with under its id: it runs anew under the next. */
  renew(task: PlannedTask): void {
    this.#ids.delete(keyOf(task));
  }
}

/** A task with other parameters, after a change of the spec, is another task. */
function keyOf({ type, params }: PlannedTask): string {
  return JSON.stringify([type, params]);
}
