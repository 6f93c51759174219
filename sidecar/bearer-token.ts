import { readFile } from 'node:fs/promises';

import { shownPath } from '../domain/shown-value.ts';

/**
 * Reads a projected service account token. Called for every request, with no cache to go stale: the
 * kubelet replaces the file long before the token in it expires.
 */
export async function readBearerToken(tokenFile: string): Promise<string> {
  try {
    return (await readFile(tokenFile, 'utf8')).trim();
  } catch (err) {
    // No cause: Node's own words hold the whole path, which may be a token where its file was meant.
    const code = err instanceof Error && 'code' in err ? String(err.code) : 'unreadable';
    throw new Error(`Cannot read the sidecar token file ${shownPath(tokenFile)} (${code})`);
  }
}
