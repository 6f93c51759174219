/** What went wrong with a file, as Node's short code (`ENOENT`): its words hold the whole path, and may not be told. */
export function errorCode(err: unknown): string {
  return err instanceof Error && 'code' in err ? String(err.code) : 'unreadable';
}
