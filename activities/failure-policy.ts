import { ApplicationFailure, CancelledFailure } from '@temporalio/common';

import { assertNever } from '../domain/assert-never.ts';
import { FailureType } from '../domain/failure-type.ts';
import { statusText } from '../domain/status-text.ts';
import { classifyApiError } from '../kubernetes/api/errors.ts';
import { InvalidSpecError } from '../manifests/invalid-spec.ts';
import { SidecarError } from '../sidecar/sidecar-error.ts';

/** A step, with its errors turned into what the workflow's policy knows. */
export function withFailurePolicy<Args extends readonly unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return translating(activity, 'permanent');
}

/**
 * Bookkeeping, with its errors turned into what the workflow's policy knows. A refused write of status
 * is retried like an outage: there is nowhere else to record it, and a run that ended over it would
 * leave its node without one.
 */
export function withBookkeepingPolicy<Args extends readonly unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return translating(activity, 'retried');
}

type Refusals = 'permanent' | 'retried';

function translating<Args extends readonly unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
  refusals: Refusals,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await activity(...args);
    } catch (err) {
      throw asFailure(err, refusals);
    }
  };
}

/**
 * Transient errors stay retryable, with the delay that the API server asked for. Refusals and invalid
 * specs are permanent: the workflow decides when it is worth trying again.
 */
function asFailure(err: unknown, refusals: Refusals): Error {
  if (err instanceof ApplicationFailure || err instanceof CancelledFailure) return err;
  if (err instanceof InvalidSpecError) {
    return permanentFailure(FailureType.InvalidSpec, err.message);
  }
  if (err instanceof SidecarError) {
    // All that a sidecar answers may be over at the next attempt: it reports its own start-up so.
    return ApplicationFailure.create({
      message: err.message,
      type: `sidecar-${err.failure.kind}`,
      cause: err,
    });
  }
  const failure = classifyApiError(err);
  const { kind, message } = failure;
  switch (kind) {
    case 'forbidden':
    case 'invalid':
      return ApplicationFailure.create({
        message,
        type: FailureType.Refused,
        nonRetryable: refusals === 'permanent',
      });
    case 'tooManyRequests':
    case 'unavailable':
      return ApplicationFailure.create({
        message,
        type: kind,
        ...(failure.retryAfterSeconds !== undefined && {
          nextRetryDelay: `${failure.retryAfterSeconds} seconds`,
        }),
      });
    case 'notFound':
    case 'conflict':
    case 'alreadyExists':
    case 'gone':
    case 'unauthorized':
      return ApplicationFailure.create({ message, type: kind });
    case 'other':
      return ApplicationFailure.create({
        message,
        type: kind,
        // Nobody has classified it: its stack is all there is to go by.
        ...(err instanceof Error && { cause: err }),
      });
    default:
      return assertNever(failure);
  }
}

/** A failure that only a change, or a person, mends. */
export function permanentFailure(type: FailureType, message: string): ApplicationFailure {
  // It may quote what somebody wrote, and goes into the history of the run.
  return ApplicationFailure.create({ message: statusText(message), type, nonRetryable: true });
}
