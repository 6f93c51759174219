/**
 * Returns a Kubernetes timestamp as RFC 3339 with the precision that the API server writes. The typed APIs turn
 * timestamps into Dates and put them back with milliseconds; raw JSON has the strings as they are.
 */
export function timestampOf(value: Date | string | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  return value.toISOString().replace('.000Z', 'Z');
}

/** Formats a Kubernetes MicroTime. The API server refuses any other form. */
export function microTime(at: Date): string {
  return at.toISOString().replace('Z', '000Z');
}
