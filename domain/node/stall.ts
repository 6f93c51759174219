import { isFailureType } from '../failure/failure-type.ts';
import { findCondition } from './condition.ts';
import type { SeiNodeStatus } from './sei-node-status.ts';
import type { SeiNode } from './sei-node.ts';
import type { StallReason } from './stall-reason.ts';

/** The cause that blocks a node: reason and message of its condition Stalled. */
export interface Stall {
  readonly reason: StallReason;
  readonly message: string;
}

/** A stall as status shows it: another version may have set it, for a reason that this one does not know. */
export interface ShownStall {
  readonly reason: StallReason | ReasonOnStatus;
  readonly message: string;
}

/** Only a cast makes a text one of these, so that no stall of ours has a reason without advice. */
type ReasonOnStatus = string & { readonly isOnStatus: true };

/** Returns the stall that status reports. */
export function stallOf(status: SeiNodeStatus | undefined): ShownStall | undefined {
  const stalled = findCondition(status?.conditions, 'Stalled');
  if (stalled?.status !== 'True') return undefined;
  const { reason, message } = stalled;
  return { reason: reason as ReasonOnStatus, message };
}

/**
 * Returns the stall to show. A node that is both stalled and past its deadline shows the cause as its
 * reason; the deadline goes into the message.
 *
 * @param exceeded set once the progress deadline has passed.
 */
export function shownStall(
  trouble: ShownStall | undefined,
  exceeded: Stall | undefined,
): ShownStall | undefined {
  if (trouble === undefined || exceeded === undefined) return trouble ?? exceeded;
  if (trouble.message.includes(exceeded.message)) return trouble;
  return { reason: trouble.reason, message: `${trouble.message}; ${exceeded.message}` };
}

/** Returns whether the pod or its surroundings stall the node, not a refused write: over once the pod serves. */
export function isStalledByPod({ status }: Pick<SeiNode, 'status'>): boolean {
  const stall = stallOf(status);
  return stall !== undefined && !isFailureType(stall.reason);
}

/**
 * The time without trouble after which a stall is over. A container in a crash loop runs for a few seconds
 * after each back-off, and a new pod has to fail once more before it shows its trouble. A shorter time
 * would end the stall and begin another with each turn of the loop.
 */
export const QUIET_MS = 10_000;

/** The change of a stall for which a waiting step returns: the caller records it, and calls the step again. */
export type StallChange =
  | { readonly kind: 'blocked'; readonly trouble: Stall }
  /** The known trouble is over and the work goes on. */
  | { readonly kind: 'unblocked' };

/**
 * Returns the news of a stall that begins, changes or ends; undefined while there is none. Another trouble
 * counts at once; the end of one counts after `QUIET_MS` without any.
 *
 * @param trouble undefined while nothing blocks the node.
 * @param known the stall that the node is known to have.
 * @param quietMs the time for which nobody has seen a trouble.
 */
export function stallChange(
  trouble: Stall | undefined,
  known: ShownStall | undefined,
  quietMs: number,
): StallChange | undefined {
  if (trouble !== undefined) {
    return trouble.reason === known?.reason ? undefined : { kind: 'blocked', trouble };
  }
  return known === undefined || quietMs < QUIET_MS ? undefined : { kind: 'unblocked' };
}
