import { Document, Scalar, visit } from 'yaml';

import { visible } from '../../domain/text/visible.ts';
import type { Output } from './global-options.ts';

/** Renders the finding of a command as lines of the format that was asked for. */
export function structured(value: unknown, format: Extract<Output, 'json' | 'yaml'>): string[] {
  const text = format === 'json' ? JSON.stringify(value, undefined, 2) : yamlOf(plainOf(value));
  return text.trimEnd().split('\n');
}

/** Puts texts in double quotes that the terminal shows with escapes: `\\u202e` means the character only there. */
function yamlOf(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Scalar: (_key, scalar) => {
      if (typeof scalar.value === 'string' && visible(scalar.value) !== scalar.value) {
        scalar.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity });
}

/** Turns a value into plain data, as JSON would carry it, so that both formats have the same fields. */
function plainOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

export function isStructured(output: Output): output is 'json' | 'yaml' {
  return output === 'json' || output === 'yaml';
}
