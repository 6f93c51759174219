import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

import type { Stall } from '../../domain/node/stall.ts';

/** The longest pause between two looks: no watch shows Secrets and claims. */
const LONGEST_PAUSE_SECONDS = 60;

/** Makes a retryable failure: the step goes on once the cause of the stall is mended. */
export function stalledBy({ reason, message }: Stall): ApplicationFailure {
  const { attempt } = Context.current().info;
  const seconds = Math.min(2 ** attempt, LONGEST_PAUSE_SECONDS);
  return ApplicationFailure.create({
    message,
    type: reason,
    nextRetryDelay: `${seconds} seconds`,
  });
}
