import { describe, expect, it } from 'vitest';

import { ApiError } from '../../../kubernetes/api/api-error.ts';
import {
  classifyApiError,
  isAlreadyExists,
  isConflict,
  isNotFound,
  TransportError,
} from '../../../kubernetes/api/errors.ts';

function refusal(
  code: number,
  status: object | string,
  headers: Record<string, string> = {},
): ApiError {
  const body = typeof status === 'string' ? status : JSON.stringify({ kind: 'Status', ...status });
  return new ApiError(code, body, headers);
}

const podMissing = {
  reason: 'NotFound',
  message: 'pods "n0-0" not found',
  details: { name: 'n0-0' },
};

describe('classifyApiError', () => {
  it.each([
    [404, podMissing, 'notFound'],
    [409, { reason: 'Conflict', message: 'm' }, 'conflict'],
    [409, { reason: 'AlreadyExists', message: 'm' }, 'alreadyExists'],
    [410, { reason: 'Expired', message: 'm' }, 'gone'],
    [429, { reason: 'TooManyRequests', message: 'm' }, 'tooManyRequests'],
    [401, { reason: 'Unauthorized', message: 'm' }, 'unauthorized'],
    [403, { reason: 'Forbidden', message: 'm' }, 'forbidden'],
    [400, { reason: 'BadRequest', message: 'm' }, 'invalid'],
    [422, { reason: 'Invalid', message: 'm' }, 'invalid'],
    [408, { reason: 'Timeout', message: 'm' }, 'unavailable'],
    [500, { reason: 'InternalError', message: 'm' }, 'unavailable'],
    [503, { reason: 'ServiceUnavailable', message: 'm' }, 'unavailable'],
    [504, { reason: 'Timeout', message: 'm' }, 'unavailable'],
    [405, { reason: 'MethodNotAllowed', message: 'm' }, 'other'],
  ])('takes %i with %o for %s', (code, status, kind) => {
    expect(classifyApiError(refusal(code, status)).kind).toBe(kind);
  });

  it('does not take a resource that is not served for an object that is gone', () => {
    const unserved = {
      reason: 'NotFound',
      message: 'the server could not find the requested resource',
    };
    expect(classifyApiError(refusal(404, unserved)).kind).toBe('unavailable');
    expect(classifyApiError(refusal(404, '404 page not found\n'))).toEqual({
      kind: 'unavailable',
      message: '404 page not found',
      retryAfterSeconds: undefined,
    });
  });

  it("says what the API server's Status says", () => {
    expect(classifyApiError(refusal(404, podMissing)).message).toBe('pods "n0-0" not found');
  });

  it('says the code where the body says nothing', () => {
    expect(classifyApiError(refusal(401, ''))).toEqual({
      kind: 'unauthorized',
      message: 'the API server answered 401 without a reason',
    });
  });

  it('reads the delay from the header, else from the Status', () => {
    const status = { message: 'm', details: { retryAfterSeconds: 7 } };
    expect(classifyApiError(refusal(429, status, { 'retry-after': '2' }))).toMatchObject({
      retryAfterSeconds: 2,
    });
    expect(classifyApiError(refusal(503, status))).toMatchObject({ retryAfterSeconds: 7 });
  });

  it('takes a broken connection for unavailable', () => {
    expect(classifyApiError(new TransportError('GET http://x/: ECONNREFUSED'))).toEqual({
      kind: 'unavailable',
      message: 'GET http://x/: ECONNREFUSED',
      retryAfterSeconds: undefined,
    });
  });

  it.each([[new TypeError('a bug')], ['a bug']])('takes anything else for other: %o', (error) => {
    expect(classifyApiError(error)).toEqual({ kind: 'other', message: 'a bug' });
  });
});

describe('the predicates', () => {
  it('tell one kind from all others', () => {
    const errors = [
      refusal(404, podMissing),
      refusal(409, { reason: 'Conflict' }),
      refusal(409, { reason: 'AlreadyExists' }),
      refusal(410, { reason: 'Gone' }),
      new Error('no API error'),
    ];
    expect(errors.map(isNotFound)).toEqual([true, false, false, false, false]);
    expect(errors.map(isConflict)).toEqual([false, true, false, false, false]);
    expect(errors.map(isAlreadyExists)).toEqual([false, false, true, false, false]);
  });
});

it('bounds and cleans the words of whoever refused', () => {
  const { message } = classifyApiError(
    refusal(403, { message: `denied by\n\u202Ewebhook ${'x'.repeat(40_000)}` }),
  );
  expect(message).toMatch(/^denied by webhook x+…$/);
  expect(message).toHaveLength(4_096);
});
