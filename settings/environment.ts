import type { z } from 'zod';

import { shownValue } from '../domain/text/shown-value.ts';
import { UserError } from './user-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses the variables of a schema.
 *
 * @throws {UserError} one that lists every bad variable with its value and the expected form
 */
export function parseEnvironment<Schema extends z.ZodType>(
  schema: Schema,
  env: Environment,
): z.output<Schema> {
  const parsed = schema.safeParse(withoutEmpty(env));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return `  ${name}=${shownValue(env[name] ?? '')}: ${issue.message}`;
  });
  throw new UserError(`bad settings in the environment:\n${problems.join('\n')}`);
}

/** Drops empty variables: manifests often set a variable to nothing, which means "not set". */
export function withoutEmpty(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value ? [[name, value] as const] : [])),
  );
}
