import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { within } from '../../process/within.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('waits no longer than the work takes, and leaves no timer behind', async () => {
  await within(25, Promise.resolve());
  expect(vi.getTimerCount()).toBe(0);
});

it('waits no longer than the given time', async () => {
  let isOver = false;
  void within(25, new Promise(() => undefined)).then(() => (isOver = true));
  await vi.advanceTimersByTimeAsync(24_999);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(isOver).toBe(true);
});
