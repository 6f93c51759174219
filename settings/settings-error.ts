import type { z } from 'zod';

import { shownValue } from '../domain/text/shown-value.ts';

/** The installation's settings do not allow rendering any node. The message lists the reasons. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly string[];

  constructor(source: string, problems: readonly string[], options?: ErrorOptions) {
    super(
      [`The platform settings in ${source} are not usable:`, ...problems].join('\n  - '),
      options,
    );
    this.problems = problems;
  }
}

/** Describes each issue that zod found in one sentence: the key, its value, and the expected form. */
export function settingProblems(issues: readonly z.core.$ZodIssue[], input: unknown): string[] {
  return issues.flatMap((issue) => {
    const at = issue.path.join('.');
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => `${[...issue.path, key].join('.')} is not a known key`);
    }
    const value = valueAt(input, issue.path);
    return isMissing(value)
      ? [`${at} is missing; expected ${issue.message}`]
      : [`${at} is ${shownValue(JSON.stringify(value))}; expected ${issue.message}`];
  });
}

function isMissing(value: unknown): boolean {
  return (
    value === undefined || value === null || (typeof value === 'string' && value.trim() === '')
  );
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, key);
  }
  return value;
}
