import { shownPath } from '../domain/text/shown-value.ts';

/**
 * Returns why a file cannot be read, for a message. Node's own words hold the whole path, and a variable
 * may hold a key in place of the path of its file.
 *
 * @returns undefined for an error that is not about a file
 */
export function fileFault(err: unknown): string | undefined {
  if (!(err instanceof Error) || !('path' in err) || !('code' in err)) return undefined;
  return `${shownPath(String(err.path))} cannot be read (${String(err.code)})`;
}
