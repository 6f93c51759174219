import { assertNever } from '../assert-never.ts';
import { failurePolicy } from './failure-policy.ts';
import type { FailureType } from './failure-type.ts';

const FIRST_DELAY_SECONDS = 30;
/** The longest wait after any failure. */
export const LONGEST_DELAY_SECONDS = 600;

/**
 * Returns after how many seconds the operator retries failed work on its own; a change or a command may
 * make it retry earlier.
 *
 * The first attempt after a failure comes at once, since the failure may have been a race; later ones after
 * 30 seconds, doubling to 10 minutes. A failure that time does not fix is tried every 10 minutes: settings
 * of the installation, such as its image policy, change without an event on any node.
 *
 * @param failures the number of failures of the work in a row, at least 1.
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
