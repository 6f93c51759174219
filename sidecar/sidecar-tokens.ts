import { readFile } from 'node:fs/promises';

import { errorCode } from '../domain/error-code.ts';
import { shownPath } from '../domain/shown-value.ts';

/** Where the client has its bearer tokens from. */
export interface SidecarTokens {
  /** @param audience for whom it has to be; undefined for the audience of the API server. */
  tokenFor(audience: string | undefined): Promise<string>;
  /** A sidecar's proxy has answered 401 to the token. */
  refused(audience: string | undefined): void;
}

/**
 * The token in a file, whatever the audience. It is read for every request, with no cache to go stale:
 * whoever keeps the file up to date replaces it long before the token in it expires.
 */
export function fileTokens(tokenFile: string): SidecarTokens {
  return {
    tokenFor: async () => {
      try {
        return (await readFile(tokenFile, 'utf8')).trim();
      } catch (err) {
        // No cause: Node's own words hold the whole path, which may be a token where its file was meant.
        throw new Error(
          `Cannot read the sidecar token file ${shownPath(tokenFile)} (${errorCode(err)})`,
        );
      }
    },
    refused: () => undefined,
  };
}
