import { ApplicationFailure } from '@temporalio/common';

import type { FailureType } from '../../domain/failure/failure-type.ts';
import { statusText } from '../../domain/node/status-text.ts';

/** Makes a failure that only a change, or a person, ends. */
export function permanentFailure(type: FailureType, message: string): ApplicationFailure {
  // Bounded, because it may quote user input and goes into the history of the run.
  return ApplicationFailure.create({ message: statusText(message), type, nonRetryable: true });
}
