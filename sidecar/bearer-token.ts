import { readFile } from 'node:fs/promises';

/**
 * Reads a projected service account token. Called for every request, with no cache to go stale: the
 * kubelet replaces the file long before the token in it expires.
 */
export async function readBearerToken(tokenFile: string): Promise<string> {
  try {
    return (await readFile(tokenFile, 'utf8')).trim();
  } catch (cause) {
    throw new Error(`Cannot read the sidecar token file ${tokenFile}`, { cause });
  }
}
