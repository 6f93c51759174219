import type { RawObject } from '../domain/node/raw-object.ts';
import { fieldsOf, parseJson } from '../domain/node/raw-object.ts';
import { statusText } from '../domain/node/status-text.ts';
import { cleanText } from '../domain/text/text.ts';

/** A task in the sidecar's own record. */
export interface SidecarTask {
  readonly id: string;
  readonly type: string;
  readonly status: 'running' | 'completed' | 'failed';
  /** The number of submissions that began it: 1, and one more after each failure. */
  readonly run: number;
  /** The error of a failed task. */
  readonly error: string | undefined;
}

/** Parses the answer to GET /v0/tasks/{id}; undefined if it is not a task. */
export function readSidecarTask(text: string): SidecarTask | undefined {
  const { id, type, status, run, error } = parseObject(text);
  if (typeof id !== 'string' || typeof type !== 'string' || !isTaskStatus(status)) return undefined;
  return {
    id,
    type,
    status,
    run: typeof run === 'number' ? run : 1,
    error: typeof error === 'string' ? statusText(error) : undefined,
  };
}

/** Returns the reason in a refusal: `{ error }`, or the start of any other text that a proxy wrote. */
export function readRefusal(text: string): string {
  const { error } = parseObject(text);
  return typeof error === 'string' ? statusText(error) : cleanText(text, MAX_REFUSAL_CHARACTERS);
}

/** Enough to recognise an error page. */
const MAX_REFUSAL_CHARACTERS = 300;

function isTaskStatus(status: unknown): status is SidecarTask['status'] {
  return status === 'running' || status === 'completed' || status === 'failed';
}

function parseObject(text: string): RawObject {
  try {
    return fieldsOf(parseJson(text));
  } catch {
    return {};
  }
}
