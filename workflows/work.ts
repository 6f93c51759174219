import type { NodeGone } from '../activities/contract/plan.ts';
import type { WorkFailure } from '../domain/failure/work-failure.ts';
import type { DueWork } from '../domain/work/due-work.ts';

/** The end of one attempt at the work. The next attempt follows a superseded one at once. */
export type AttemptEnd<Due = DueWork> =
  | NodeGone
  | { readonly kind: 'settled'; readonly due: Due }
  | { readonly kind: 'superseded' };

/** One kind of work, as the driver sees it. */
export interface Work<Due = DueWork> {
  /** The workflow type. */
  readonly kind: string;
  attempt(planId: string): Promise<AttemptEnd<Due>>;
  recordFailure(planId: string, failure: WorkFailure): Promise<void>;
  /**
   * Returns whether a failure, once recorded, ends the work for good. Then the next attempt finds the node failed, and
   * waits for a reason to begin again.
   */
  isFinal?(failure: WorkFailure): boolean;
  /** The work that may be done while somebody holds the object; absent if this is that work, or there is none. */
  readonly underHold?: Work<Due>;
}
