import { randomUUID } from 'node:crypto';

import { z } from 'zod';

import { TASK_TYPES } from './task.ts';
import type { Submission } from './task.ts';

const schema = z.object({
  id: z.uuid().optional(),
  type: z.enum(TASK_TYPES),
  params: z.record(z.string(), z.unknown()).nullish(),
});

export type ParsedSubmission =
  | { readonly kind: 'valid'; readonly submission: Submission }
  | { readonly kind: 'invalid'; readonly error: string };

/** Reads the body of `POST /v0/tasks`. A submission without an id gets a new one. */
export function parseSubmission(body: string): ParsedSubmission {
  const json = parseJson(body);
  if (json === undefined) return { kind: 'invalid', error: 'request body is not JSON' };
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { kind: 'invalid', error: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}` };
  }
  const { id = randomUUID(), type, params } = parsed.data;
  return {
    kind: 'valid',
    submission: { id, type, ...(params === undefined || params === null ? {} : { params }) },
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
