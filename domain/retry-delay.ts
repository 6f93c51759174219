import { assertNever } from './assert-never.ts';
import { failurePolicy } from './failure-policy.ts';
import type { FailureType } from './failure-type.ts';

const FIRST_DELAY_SECONDS = 30;
/** No failure is waited out for longer. */
export const LONGEST_DELAY_SECONDS = 600;

/**
 * After how many seconds a failed piece of work is tried again by itself; a change or a command may
 * bring that forward.
 *
 * The first attempt after a failure comes at once, since the failure may have been a race; later
 * ones after 30 seconds, doubling to 10 minutes. What time does not mend is looked at every 10 minutes:
 * settings of the installation, such as its image policy, change without an event on any node.
 *
 * @param failures how often in a row the work has failed, at least 1.
 */
export function retryDelaySeconds(type: FailureType, failures: number): number {
  const { retry } = failurePolicy(type);
  switch (retry) {
    case 'on-change':
    case 'now-and-then':
      return LONGEST_DELAY_SECONDS;
    case 'back-off':
      return failures <= 1
        ? 0
        : Math.min(FIRST_DELAY_SECONDS * 2 ** (failures - 2), LONGEST_DELAY_SECONDS);
    default:
      return assertNever(retry);
  }
}
