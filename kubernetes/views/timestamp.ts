/**
 * A Kubernetes timestamp as RFC 3339 with the precision that the API server writes. The typed APIs
 * make Dates of timestamps and put them back with milliseconds; raw JSON has the strings as they are.
 */
export function timestampOf(value: Date | string | undefined): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  return value.toISOString().replace('.000Z', 'Z');
}

/** A Kubernetes MicroTime. The API server refuses one that is not of exactly this form. */
export function microTime(at: Date): string {
  return at.toISOString().replace('Z', '000Z');
}
