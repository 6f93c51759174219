import type { Credentials, ReadCredentials } from './credentials.ts';

export interface CredentialSource {
  current(): Promise<Credentials>;
  /** The server refused the credentials (401): they are loaded anew. */
  refused(): void;
}

/**
 * Files are read again this often. A mounted token is replaced at 80 % of its life (an hour by
 * default), so that the old one is good for minutes more; reading for every request would cost it
 * three file reads.
 */
const REREAD_AFTER_MS = 10_000;

/**
 * Keeps the credentials for a while. On a refusal everything is loaded again, because a token or
 * certificate inside the kubeconfig, and one that a plugin handed out, would be kept for good
 * otherwise.
 *
 * @param load loads the configuration: the first time, and again after a refusal.
 */
export function createCredentialSource(load: () => ReadCredentials): CredentialSource {
  let read = load();
  let loadedAt = Date.now();
  let isRefused = false;
  let cached: { readonly credentials: Promise<Credentials>; readonly readAt: number } | undefined;

  return {
    current: () => {
      // At a bounded rate: a load may run a plugin, and a revoked user stays refused.
      if (isRefused && Date.now() - loadedAt >= REREAD_AFTER_MS) {
        read = load();
        loadedAt = Date.now();
        isRefused = false;
        cached = undefined;
      }
      if (cached === undefined || Date.now() - cached.readAt >= REREAD_AFTER_MS) {
        const entry = { credentials: read(), readAt: Date.now() };
        cached = entry;
        entry.credentials.catch(() => {
          if (cached === entry) cached = undefined;
        });
      }
      return cached.credentials;
    },
    refused: () => {
      isRefused = true;
    },
  };
}
