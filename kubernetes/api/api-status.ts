import { fieldsOf, isRawObject, parseJson, textOf } from '../../domain/node/raw-object.ts';

/** The part of a Kubernetes `Status` object, the body of every refusal, that decisions are made from. */
export interface ApiStatus {
  readonly reason: string | undefined;
  readonly message: string | undefined;
  /** The name of the object that was refused; absent when the server does not know the path itself. */
  readonly objectName: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** The fields that validation refused, such as `metadata.uid`. */
  readonly invalidFields: readonly string[];
}

const EMPTY: ApiStatus = {
  reason: undefined,
  message: undefined,
  objectName: undefined,
  retryAfterSeconds: undefined,
  invalidFields: [],
};

/**
 * Reads a Status from the text of a body, or from an already parsed one as a watch delivers it. Takes any other body,
 * such as the page of a proxy, as the message.
 */
export function readApiStatus(body: unknown): ApiStatus {
  const status = typeof body === 'string' ? parsed(body) : body;
  if (!isRawObject(status)) {
    return typeof body === 'string' && body !== '' ? { ...EMPTY, message: body.trim() } : EMPTY;
  }
  const details = fieldsOf(status['details']);
  const causes: unknown[] = Array.isArray(details['causes']) ? details['causes'] : [];
  return {
    reason: stringOf(status['reason']),
    message: stringOf(status['message']),
    objectName: stringOf(details['name']),
    retryAfterSeconds: numberOf(details['retryAfterSeconds']),
    invalidFields: causes.map((cause) => textOf(fieldsOf(cause)['field'])).filter(Boolean),
  };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

function stringOf(value: unknown): string | undefined {
  return textOf(value) || undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined;
}
