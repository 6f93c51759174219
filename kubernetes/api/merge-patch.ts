import { isDeepStrictEqual } from 'node:util';

import type { RawObject } from '../../domain/node/raw-object.ts';
import { isRawObject } from '../../domain/node/raw-object.ts';

/**
 * Returns the JSON merge patch (RFC 7386) from `before` to `after`; undefined when they are equal. A removed key
 * becomes null, an array is replaced whole.
 */
export function mergePatch(before: RawObject, after: RawObject): RawObject | undefined {
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(after)) {
    const previous = before[key];
    if (isDeepStrictEqual(previous, value)) continue;
    patch[key] = isRawObject(previous) && isRawObject(value) ? mergePatch(previous, value) : value;
  }
  for (const key of Object.keys(before)) {
    if (!(key in after)) patch[key] = null;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}
