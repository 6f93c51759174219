/**
 * Returns Node's short code (`ENOENT`) for a failure with a file: its message holds the whole path, which
 * must not be shown.
 */
export function errorCode(err: unknown): string {
  return err instanceof Error && 'code' in err ? String(err.code) : 'unreadable';
}
