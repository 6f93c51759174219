import { ApiError } from '../../../kubernetes/api/api-error.ts';

interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  /** The object that the refusal is about. */
  readonly name?: string;
  /** The fields that validation refused. */
  readonly fields?: readonly string[];
  readonly retryAfterSeconds?: number;
}

/** Makes a refusal as the client throws it: the API server's Status as text in the body. */
export function refusal(options: Refusal): ApiError {
  const { code, reason, message, name, fields = [], retryAfterSeconds } = options;
  const details = {
    ...(name !== undefined && { name }),
    ...(fields.length > 0 && { causes: fields.map((field) => ({ field, message })) }),
  };
  const body = { kind: 'Status', status: 'Failure', code, reason, message, details };
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': `${retryAfterSeconds}` };
  return new ApiError(code, JSON.stringify(body), headers);
}

export function notFound(kind: string, name: string): ApiError {
  return refusal({ code: 404, reason: 'NotFound', message: `${kind} "${name}" not found`, name });
}

export function conflict(kind: string, name: string, why: string): ApiError {
  const message = `Operation cannot be fulfilled on ${kind} "${name}": ${why}`;
  return refusal({ code: 409, reason: 'Conflict', message, name });
}

export function alreadyExists(kind: string, name: string): ApiError {
  const message = `${kind} "${name}" already exists`;
  return refusal({ code: 409, reason: 'AlreadyExists', message, name });
}

export function invalid(
  kind: string,
  name: string,
  fields: readonly string[],
  why: string,
): ApiError {
  const message = `${kind} "${name}" is invalid: ${fields.join(', ')}: ${why}`;
  return refusal({ code: 422, reason: 'Invalid', message, name, fields });
}

export function unavailable(retryAfterSeconds?: number): ApiError {
  return refusal({
    code: 503,
    reason: 'ServiceUnavailable',
    message: 'the server is currently unable to handle the request',
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}
