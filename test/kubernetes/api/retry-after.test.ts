import { expect, it } from 'vitest';

import { retryAfterSecondsOf } from '../../../kubernetes/api/retry-after.ts';

const now = Date.parse('2026-01-01T00:00:00Z');

it.each([
  ['3', 3],
  ['Thu, 01 Jan 2026 00:00:05 GMT', 5],
  ['0', undefined],
  ['Wed, 31 Dec 2025 23:59:59 GMT', undefined],
  ['soon', undefined],
])('reads "%s" as %s seconds', (value, seconds) => {
  expect(retryAfterSecondsOf({ 'retry-after': value }, now)).toBe(seconds);
});

it('asks for no delay without the header', () => {
  expect(retryAfterSecondsOf({}, now)).toBeUndefined();
  expect(retryAfterSecondsOf(undefined, now)).toBeUndefined();
});
