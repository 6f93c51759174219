import { ApplicationFailure, CancelledFailure } from '@temporalio/common';

import { assertNever } from '../../domain/assert-never.ts';
import { FailureType } from '../../domain/failure/failure-type.ts';
import { classifyApiError } from '../../kubernetes/api/errors.ts';
import { InvalidSpecError } from '../../manifests/invalid-spec.ts';
import { SidecarError } from '../../sidecar/sidecar-error.ts';
import { permanentFailure } from './permanent-failure.ts';

/** Turns the errors of a step into failures that the workflow's policy knows. */
export function stepErrorsAsFailures<Args extends readonly unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return errorsAsFailures(activity, 'permanent');
}

/**
 * Turns the errors of bookkeeping into failures that the workflow's policy knows. A refused write of status is retried
 * like an outage: there is nowhere else to record it, and a run that ended over it would leave its node without a run.
 */
export function bookkeepingErrorsAsFailures<Args extends readonly unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return errorsAsFailures(activity, 'retried');
}

type Refusals = 'permanent' | 'retried';

function errorsAsFailures<Args extends readonly unknown[], Result>(
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
 * Keeps transient errors retryable, with the delay that the API server asked for. Refusals and invalid specs are
 * permanent: the workflow decides when to try again.
 */
function asFailure(err: unknown, refusals: Refusals): Error {
  if (err instanceof ApplicationFailure || err instanceof CancelledFailure) return err;
  if (err instanceof InvalidSpecError) {
    return permanentFailure(FailureType.InvalidSpec, err.message);
  }
  if (err instanceof SidecarError) {
    // Any answer of a sidecar may be over at the next attempt: while it starts it answers with errors, too.
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
        // The error is not classified, so its stack is the only clue.
        ...(err instanceof Error && { cause: err }),
      });
    default:
      return assertNever(failure);
  }
}
