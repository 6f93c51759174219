import { ApplicationFailure, CancelledFailure } from '@temporalio/common';

import { assertNever } from '../domain/assert-never.ts';
import { FailureType } from '../domain/failure-type.ts';
import { classifyApiError } from '../kubernetes/errors.ts';
import { InvalidSpecError } from '../manifests/invalid-spec.ts';
import { SidecarError } from '../sidecar/sidecar-error.ts';

/** The activity with its errors turned into what the workflow's policy knows. */
export function withFailurePolicy<Args extends readonly unknown[], Result>(
  activity: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  return async (...args) => {
    try {
      return await activity(...args);
    } catch (err) {
      throw asFailure(err);
    }
  };
}

/**
 * Transient errors stay retryable, with the delay that the API server asked for. Refusals and invalid
 * specs are permanent: the workflow decides when it is worth trying again.
 */
export function asFailure(err: unknown): Error {
  if (err instanceof ApplicationFailure || err instanceof CancelledFailure) return err;
  if (err instanceof InvalidSpecError) {
    return ApplicationFailure.create({
      message: err.message,
      type: FailureType.InvalidSpec,
      nonRetryable: true,
      cause: err,
    });
  }
  if (err instanceof SidecarError) {
    // All that a sidecar answers may be over at the next attempt: it reports its own start-up so.
    const type = `sidecar-${err.failure.kind}`;
    return ApplicationFailure.create({ message: err.message, type, cause: err });
  }
  const cause = err instanceof Error ? err : new Error(String(err));
  const failure = classifyApiError(err);
  const { message } = failure;
  switch (failure.kind) {
    case 'forbidden':
    case 'invalid':
      return ApplicationFailure.create({
        message,
        type: FailureType.Refused,
        nonRetryable: true,
        cause,
      });
    case 'tooManyRequests':
    case 'unavailable':
      return ApplicationFailure.create({
        message,
        type: failure.kind,
        cause,
        ...(failure.retryAfterSeconds !== undefined && {
          nextRetryDelay: `${failure.retryAfterSeconds} seconds`,
        }),
      });
    case 'notFound':
    case 'conflict':
    case 'alreadyExists':
    case 'gone':
    case 'unauthorized':
    case 'other':
      return ApplicationFailure.create({ message, type: failure.kind, cause });
    default:
      return assertNever(failure);
  }
}

/** A failure that only a change, or a person, mends. */
export function permanentFailure(type: FailureType, message: string): ApplicationFailure {
  return ApplicationFailure.create({ message, type, nonRetryable: true });
}
