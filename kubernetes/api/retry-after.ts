/**
 * Returns the whole seconds, at least one, that a `Retry-After` header asks for, as a number or as an HTTP date (RFC
 * 9110); undefined when it asks for none.
 */
export function retryAfterSecondsOf(
  headers: Readonly<Record<string, string>> | undefined,
  nowMs: number = Date.now(),
): number | undefined {
  const value = headers?.['retry-after'];
  if (value === undefined) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - nowMs) / 1000;
  return seconds > 0 ? Math.ceil(seconds) : undefined;
}
