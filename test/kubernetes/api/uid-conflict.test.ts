import { expect, it } from 'vitest';

import { ApiError } from '../../../kubernetes/api/api-error.ts';
import { classifyApiError } from '../../../kubernetes/api/errors.ts';
import { asUidConflict } from '../../../kubernetes/api/uid-conflict.ts';

function invalid(...fields: readonly string[]): ApiError {
  const message = 'StatefulSet.apps "n0" is invalid';
  const details = { name: 'n0', causes: fields.map((field) => ({ field, message: 'immutable' })) };
  return new ApiError(422, JSON.stringify({ reason: 'Invalid', message, details }));
}

it('takes a refusal of nothing but the UID for a conflict', () => {
  // The server names the field twice.
  const failure = classifyApiError(asUidConflict(invalid('metadata.uid', 'metadata.uid')));
  expect(failure).toEqual({ kind: 'conflict', message: 'StatefulSet.apps "n0" is invalid' });
});

it.each([
  ['of another field', invalid('spec.serviceName')],
  ['of another field too', invalid('metadata.uid', 'spec.serviceName')],
  ['without a field', invalid()],
  ['of another code', new ApiError(400, '{"reason":"BadRequest"}')],
  ['that is no refusal', new Error('connection reset')],
])('leaves an error %s as it is', (_, error) => {
  expect(asUidConflict(error)).toBe(error);
});
