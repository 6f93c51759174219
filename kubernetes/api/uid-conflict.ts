import { ApiError } from './api-error.ts';
import { readApiStatus } from './api-status.ts';

/**
 * Turns the 422 for a changed UID into a conflict; returns any other error as it is. An apply that carries a UID is
 * refused in two ways (seen on 1.36): with 409 when the object is missing, and with 422 "metadata.uid: field is
 * immutable" when another object has the name. Both mean the same to us.
 */
export function asUidConflict(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.code !== 422) return error;
  const status = readApiStatus(error.body);
  const isAboutUid =
    status.invalidFields.length > 0 &&
    status.invalidFields.every((field) => field === 'metadata.uid');
  if (!isAboutUid) return error;
  const body = { reason: 'Conflict', message: status.message, code: 409 };
  return new ApiError(409, JSON.stringify(body));
}
