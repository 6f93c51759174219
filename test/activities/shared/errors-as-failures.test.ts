import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { describe, expect, it } from 'vitest';

import {
  bookkeepingErrorsAsFailures,
  stepErrorsAsFailures,
} from '../../../activities/shared/errors-as-failures.ts';
import { permanentFailure } from '../../../activities/shared/permanent-failure.ts';
import { FailureType } from '../../../domain/failure/failure-type.ts';
import { LONGEST_TEXT } from '../../../domain/node/status-text.ts';
import { TransportError } from '../../../kubernetes/api/errors.ts';
import { InvalidSpecError } from '../../../manifests/invalid-spec.ts';
import { SidecarError } from '../../../sidecar/sidecar-error.ts';
import {
  alreadyExists,
  conflict,
  invalid,
  notFound,
  refusal,
  unavailable,
} from '../../support/cluster/refusals.ts';
import { NODE } from '../../support/sei-node.ts';

async function failureOf(
  error: unknown,
  policy = stepErrorsAsFailures,
): Promise<ApplicationFailure> {
  const activity = policy(async () => {
    throw error;
  });
  const failure: unknown = await activity().catch((err: unknown) => err);
  if (!(failure instanceof ApplicationFailure)) throw new Error(`became ${String(failure)}`);
  return failure;
}

const invalidSpec = new InvalidSpecError({
  node: NODE,
  field: 'spec.chainId',
  value: '"a b"',
  reason: 'it cannot',
  remedy: 'use another',
});
const coded = (code: number, reason: string) => refusal({ code, reason, message: 'm', name: 'n0' });

describe('a failure that no retry mends', () => {
  it.each([
    ['403', coded(403, 'Forbidden'), FailureType.Refused],
    ['400', coded(400, 'BadRequest'), FailureType.Refused],
    ['422', invalid('Pod', 'n0-0', ['spec'], 'no'), FailureType.Refused],
    ['a spec that cannot be rendered', invalidSpec, FailureType.InvalidSpec],
  ])('is %s', async (_, error, type) => {
    expect(await failureOf(error)).toMatchObject({ type, nonRetryable: true });
  });

  it('is described in the words of the API server', async () => {
    expect((await failureOf(coded(403, 'Forbidden'))).message).toBe('m');
    expect((await failureOf(invalidSpec)).message).toBe(
      'SeiNode default/n0: spec.chainId is "a b": it cannot; use another',
    );
  });

  it('is what an activity says it is', () => {
    expect(permanentFailure(FailureType.ForeignOwner, 'x'.repeat(40_000)).message).toHaveLength(
      LONGEST_TEXT,
    );
    expect(permanentFailure(FailureType.ForeignOwner, 'why')).toMatchObject({
      type: FailureType.ForeignOwner,
      nonRetryable: true,
      message: 'why',
    });
  });
});

describe('a failure that is retried', () => {
  it.each([
    ['a broken connection', new TransportError('reset'), 'unavailable'],
    ['429', coded(429, 'TooManyRequests'), 'tooManyRequests'],
    ['500', coded(500, 'InternalError'), 'unavailable'],
    ['503', unavailable(), 'unavailable'],
    ['401, as of a token that has just rotated', coded(401, 'Unauthorized'), 'unauthorized'],
    ['404 of an object', notFound('pods', 'n0-0'), 'notFound'],
    ['409', conflict('seinodes', 'n0', 'modified'), 'conflict'],
    ['409 of a name', alreadyExists('pods', 'n0-0'), 'alreadyExists'],
    ['410', coded(410, 'Expired'), 'gone'],
    ['anything unknown', new TypeError('a bug'), 'other'],
    ['what is no Error at all', 'a bug', 'other'],
    ['a sidecar that refuses', new SidecarError({ kind: 'refused' }, 'm'), 'sidecar-refused'],
    [
      'a sidecar that answers 400',
      new SidecarError({ kind: 'http', status: 400 }, 'm'),
      'sidecar-http',
    ],
    [
      'a sidecar that hangs',
      new SidecarError({ kind: 'timeout', timeoutMs: 1 }, 'm'),
      'sidecar-timeout',
    ],
  ])('is %s', async (_, error, type) => {
    expect(await failureOf(error)).toMatchObject({ type, nonRetryable: false });
    expect((await failureOf(error)).nextRetryDelay).toBeUndefined();
  });

  it.each([429, 503])('comes back after %i when the API server says', async (code) => {
    const busy = refusal({ code, reason: 'Busy', message: 'm', retryAfterSeconds: 7 });
    expect((await failureOf(busy)).nextRetryDelay).toBe('7 seconds');
  });

  it('keeps what it was made of where nobody has classified that', async () => {
    const error = new TypeError('a bug');
    expect((await failureOf(error)).cause).toBe(error);
    expect((await failureOf(unavailable())).cause).toBeUndefined();
  });

  it('is a refused write of status, since there is nowhere else to record it', async () => {
    const failure = await failureOf(coded(403, 'Forbidden'), bookkeepingErrorsAsFailures);
    expect(failure).toMatchObject({ type: FailureType.Refused, nonRetryable: false });
  });
});

describe('stepErrorsAsFailures', () => {
  it('hands on what the activity returns', async () => {
    const double = stepErrorsAsFailures(async (value: number) => value * 2);
    expect(await double(21)).toBe(42);
  });

  it.each([
    ['a cancellation', new CancelledFailure('cancelled')],
    ['a failure that is one already', ApplicationFailure.nonRetryable('m', 'Any')],
  ])('hands on %s as it is', async (_, error) => {
    const activity = stepErrorsAsFailures(async () => {
      throw error;
    });
    await expect(activity()).rejects.toBe(error);
  });
});
