import { readFile } from 'node:fs/promises';

import { errorCode } from '../domain/text/error-code.ts';
import { shownPath } from '../domain/text/shown-value.ts';

/** The source of the client's bearer tokens. */
export interface SidecarTokens {
  /** @param audience of the token; undefined for the audience of the API server. */
  tokenFor(audience: string | undefined): Promise<string>;
  /** Takes note that a sidecar's proxy has answered 401 to the token. */
  refused(audience: string | undefined): void;
}

/**
 * Returns the token in a file, whatever the audience. Reads it for every request, without a cache that
 * could go stale: the keeper of the file replaces it long before the token in it expires.
 */
export function createFileTokens(tokenFile: string): SidecarTokens {
  return {
    tokenFor: async () => {
      try {
        return (await readFile(tokenFile, 'utf8')).trim();
      } catch (err) {
        // No cause: Node's message holds the whole path, which may be a token that somebody set in place of its file.
        throw new Error(
          `Cannot read the sidecar token file ${shownPath(tokenFile)} (${errorCode(err)})`,
        );
      }
    },
    refused: () => undefined,
  };
}
