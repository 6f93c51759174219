import type { SeiNode } from '../domain/node/sei-node.ts';
import type { DueWork, WorkKind } from '../domain/work/due-work.ts';
import { isWork } from '../domain/work/due-work.ts';

/** A period in which work was due of a node without a break. */
export interface DuePeriod {
  /** The work that was due first. */
  readonly work: WorkKind;
  /** Milliseconds, on the watcher's monotonic clock. */
  readonly since: number;
  /** The status at the start, as text; undefined once another one was seen. */
  readonly unwritten: string | undefined;
}

/**
 * Returns the period after a decision: a new one when work becomes due, the same while it is due, and undefined when it
 * is not, or is held by a person.
 */
export function periodAfter(
  before: DuePeriod | undefined,
  node: SeiNode,
  due: DueWork,
  now: number,
): DuePeriod | undefined {
  if (!isWork(due)) return undefined;
  return before ?? { work: due.kind, since: now, unwritten: unwrittenStatus(node) };
}

/** True when the status has changed since the work became due: only runs write it. */
export function isFirstWrite({ unwritten }: DuePeriod, node: SeiNode): boolean {
  return unwritten !== undefined && unwritten !== statusText(node);
}

/** Returns undefined while a plan is active: a write of that run would be mistaken for the first write of the next. */
function unwrittenStatus(node: SeiNode): string | undefined {
  return node.status?.plan?.phase === 'Active' ? undefined : statusText(node);
}

function statusText(node: SeiNode): string {
  return JSON.stringify(node.status ?? null);
}
