import { expect, it } from 'vitest';

import {
  DISPENSABLE_ATTEMPT_MS,
  HEARTBEAT_TIMEOUT_MS,
  QUICK_ATTEMPT_MS,
  REQUEST_TIMEOUT_MS,
} from '../../../domain/run/time-limits.ts';

/** The default of an admission webhook. */
const WEBHOOK_TIMEOUT_MS = 10_000;

it('lets a request end before anybody goes on without its answer', () => {
  expect(REQUEST_TIMEOUT_MS).toBeGreaterThan(WEBHOOK_TIMEOUT_MS);
  expect(HEARTBEAT_TIMEOUT_MS).toBeGreaterThan(REQUEST_TIMEOUT_MS);
  expect(DISPENSABLE_ATTEMPT_MS).toBeGreaterThan(2 * REQUEST_TIMEOUT_MS);
  expect(QUICK_ATTEMPT_MS).toBeGreaterThanOrEqual(4 * REQUEST_TIMEOUT_MS);
});
