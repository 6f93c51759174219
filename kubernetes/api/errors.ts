import { assertNever } from '../../domain/assert-never.ts';
import { statusText } from '../../domain/node/status-text.ts';
import { ApiError } from './api-error.ts';
import type { ApiStatus } from './api-status.ts';
import { readApiStatus } from './api-status.ts';
import { retryAfterSecondsOf } from './retry-after.ts';

/** The reason why a call to the Kubernetes API failed. */
export type ApiFailure =
  /** The object is not there. */
  | { readonly kind: 'notFound'; readonly message: string }
  /** The object is not at the version, or not the very object, that the call was made for. */
  | { readonly kind: 'conflict'; readonly message: string }
  | { readonly kind: 'alreadyExists'; readonly message: string }
  /** A resourceVersion or continue token that the server has forgotten. */
  | { readonly kind: 'gone'; readonly message: string }
  | {
      readonly kind: 'tooManyRequests';
      readonly message: string;
      readonly retryAfterSeconds: number | undefined;
    }
  | { readonly kind: 'unauthorized'; readonly message: string }
  /** Refused by RBAC, a quota or an admission plugin. */
  | { readonly kind: 'forbidden'; readonly message: string }
  /** 400 or 422: the request is not acceptable as it is. */
  | { readonly kind: 'invalid'; readonly message: string }
  /** 5xx, no connection, no answer in time, or a resource that is not served (yet). */
  | {
      readonly kind: 'unavailable';
      readonly message: string;
      readonly retryAfterSeconds: number | undefined;
    }
  | { readonly kind: 'other'; readonly message: string };

/** No answer: the connection could not be made, broke, or stayed silent for too long. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
}

/** Classifies an answer of the API server, or its absence. No other code does. */
export function classifyApiError(error: unknown): ApiFailure {
  const failure = classified(error);
  // Cleaned, because the author of a webhook may have written anything.
  return { ...failure, message: statusText(failure.message) };
}

function classified(error: unknown): ApiFailure {
  if (error instanceof TransportError) {
    return { kind: 'unavailable', message: error.message, retryAfterSeconds: undefined };
  }
  if (!(error instanceof ApiError)) {
    return { kind: 'other', message: error instanceof Error ? error.message : String(error) };
  }
  const { code } = error;
  const status = readApiStatus(error.body);
  const message = status.message ?? `the API server answered ${code} without a reason`;
  if (code === 429 || isUnavailable(code, status)) {
    const retryAfterSeconds = retryAfterSecondsOf(error.headers) ?? status.retryAfterSeconds;
    return { kind: code === 429 ? 'tooManyRequests' : 'unavailable', message, retryAfterSeconds };
  }
  return { kind: kindOf(code, status), message };
}

/**
 * A 404 that names no object means that the path itself is unknown: the CRD is not installed, or not served yet. Taking
 * that for "the object is gone" would end work on nodes that all exist.
 */
function isUnknownPath(code: number, status: ApiStatus): boolean {
  return code === 404 && status.objectName === undefined;
}

function isUnavailable(code: number, status: ApiStatus): boolean {
  return code === 408 || code >= 500 || isUnknownPath(code, status);
}

/** Tells a resource that the API server does not serve, such as that of a missing CRD, from a missing object. */
export function isNotServed(error: unknown): boolean {
  return error instanceof ApiError && isUnknownPath(error.code, readApiStatus(error.body));
}

function kindOf(
  code: number,
  status: ApiStatus,
): Exclude<ApiFailure['kind'], 'tooManyRequests' | 'unavailable'> {
  switch (code) {
    case 404:
      return 'notFound';
    case 409:
      return status.reason === 'AlreadyExists' ? 'alreadyExists' : 'conflict';
    case 410:
      return 'gone';
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 400:
    case 422:
      return 'invalid';
    default:
      return 'other';
  }
}

/**
 * True when the API server, or an admission webhook, answered in a way that no other part of a step handles: with an
 * error of its own, or a denial under an unexpected code.
 */
export function isUnexpectedAnswer(error: unknown): boolean {
  const { kind } = classifyApiError(error);
  switch (kind) {
    case 'unavailable':
    case 'unauthorized':
    case 'notFound':
    case 'gone':
    case 'other':
      return error instanceof ApiError;
    case 'conflict':
    case 'alreadyExists':
    case 'tooManyRequests':
    case 'forbidden':
    case 'invalid':
      return false;
    default:
      return assertNever(kind);
  }
}

export function isNotFound(error: unknown): boolean {
  return classifyApiError(error).kind === 'notFound';
}

export function isConflict(error: unknown): boolean {
  return classifyApiError(error).kind === 'conflict';
}

export function isAlreadyExists(error: unknown): boolean {
  return classifyApiError(error).kind === 'alreadyExists';
}
