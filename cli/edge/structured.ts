import { stringify } from 'yaml';

import type { Output } from './global-options.ts';

/** What a command found, as text of the format that was asked for. */
export function structured(value: unknown, format: Extract<Output, 'json' | 'yaml'>): string[] {
  const text =
    format === 'json' ? JSON.stringify(value, undefined, 2) : stringify(plainOf(value)).trimEnd();
  return [text];
}

/** As JSON would carry it, so that both formats have the same fields. */
function plainOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

export function isStructured(output: Output): output is 'json' | 'yaml' {
  return output === 'json' || output === 'yaml';
}
