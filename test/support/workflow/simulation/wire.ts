import type { Payload, ProtoFailure } from '@temporalio/common';
import { DefaultFailureConverter, defaultPayloadConverter } from '@temporalio/common';
import { optionalTsToMs } from '@temporalio/common/lib/time.js';
import type { google } from '@temporalio/proto';

/** Converts values and errors as they cross between server and worker, by the converters that workers use. */

const failures = new DefaultFailureConverter();

export function toPayload(value: unknown): Payload {
  return defaultPayloadConverter.toPayload(value);
}

export function fromPayload(payload: Payload | null | undefined): unknown {
  return payload ? defaultPayloadConverter.fromPayload<unknown>(payload) : undefined;
}

export function toFailure(err: unknown): ProtoFailure {
  return failures.errorToFailure(err, defaultPayloadConverter);
}

export function toError(failure: ProtoFailure | null | undefined): Error {
  return failure
    ? failures.failureToError(failure, defaultPayloadConverter)
    : new Error('a failure without a word');
}

/** Returns undefined where the duration is missing or zero, which means the same. */
export function milliseconds(
  duration: google.protobuf.IDuration | null | undefined,
): number | undefined {
  return optionalTsToMs(duration) || undefined;
}
