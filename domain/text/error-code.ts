/**
 * Returns Node's short code (`ENOENT`) for a file's error: its message holds the whole path, which must stay hidden.
 */
export function errorCode(err: unknown): string {
  return err instanceof Error && 'code' in err ? String(err.code) : 'unreadable';
}
