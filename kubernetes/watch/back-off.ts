export interface BackOffBounds {
  /** The delay after the first failure; each further one doubles it. */
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Caps a `Retry-After`: the maintenance page of a proxy may ask for hours, and nobody wants to be blind for that long.
 */
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * Returns the milliseconds to wait after `failures` failures in a row (1 or more). Half of the delay is random, so that
 * clients that failed together do not return together; a `Retry-After` is the minimum.
 */
export function backOffMs(
  failures: number,
  bounds: BackOffBounds,
  retryAfterSeconds: number | undefined,
  random: () => number = Math.random,
): number {
  const full = Math.min(bounds.firstMs * 2 ** (failures - 1), bounds.maxMs);
  const jittered = full * (0.5 + random() / 2);
  return Math.max(jittered, Math.min((retryAfterSeconds ?? 0) * 1000, MAX_RETRY_AFTER_MS));
}
