import pTimeout from 'p-timeout';

/** Waits until the work has ended, or for so long. */
export function within(seconds: number, work: Promise<void>): Promise<void> {
  return pTimeout(work, { milliseconds: seconds * 1_000, fallback: () => undefined });
}
