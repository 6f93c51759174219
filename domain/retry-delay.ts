import { FailureType } from './failure-type.ts';

const FIRST_DELAY_SECONDS = 30;
const LONGEST_DELAY_SECONDS = 600;

/** When a failed piece of work is tried again. */
export type RetryDelay =
  | { readonly kind: 'after'; readonly seconds: number }
  /** Time does not mend it: only a changed object or a person does. */
  | { readonly kind: 'on-change' };

/**
 * The first attempt after a failure comes at once, since the failure may have been a race; later
 * ones after 30 seconds, doubling to 10 minutes.
 *
 * @param failures how often in a row the work has failed, at least 1.
 */
export function retryDelay(type: string, failures: number): RetryDelay {
  if (needsChange(type)) return { kind: 'on-change' };
  // The watcher tells of a StatefulSet that has gone, but nobody watches claims.
  if (type === FailureType.ForeignOwner) return { kind: 'after', seconds: LONGEST_DELAY_SECONDS };
  if (failures <= 1) return { kind: 'after', seconds: 0 };
  return {
    kind: 'after',
    seconds: Math.min(FIRST_DELAY_SECONDS * 2 ** (failures - 2), LONGEST_DELAY_SECONDS),
  };
}

function needsChange(type: string): boolean {
  switch (type) {
    case FailureType.InvalidSpec:
    case FailureType.Incompatible:
    case FailureType.TooManyReplicas:
      return true;
    default:
      return false;
  }
}
