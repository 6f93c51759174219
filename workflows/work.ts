import type { NodeGone } from '../activities/contract/plan.ts';
import type { DueWork, WorkKind } from '../domain/due-work.ts';
import type { WorkFailure } from '../domain/work-failure.ts';

/** How one attempt at the work ended. A superseded attempt is followed by the next at once. */
export type AttemptEnd =
  | NodeGone
  | { readonly kind: 'settled'; readonly due: DueWork }
  | { readonly kind: 'superseded' };

/** One kind of work, as the driver sees it. */
export interface Work {
  readonly kind: WorkKind;
  attempt(planId: string): Promise<AttemptEnd>;
  recordFailure(planId: string, failure: WorkFailure): Promise<void>;
  /**
   * Whether a failure, once recorded, ends the work for good. Then the next attempt finds the node
   * failed, and waits for what begins it anew.
   */
  isFinal?(failure: WorkFailure): boolean;
}
