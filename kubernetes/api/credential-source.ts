import type { Credentials, ReadCredentials } from './credentials.ts';

export interface CredentialSource {
  current(): Promise<Credentials>;
  /** Reports that the server refused the credentials (401), so that they are loaded again. */
  refused(): void;
}

/**
 * The interval at which files are read again. A mounted token is replaced at 80 % of its life (an hour by default), so
 * the old one is valid for minutes more; reading for every request would cost three file reads each.
 */
const REREAD_AFTER_MS = 10_000;

/**
 * Creates a source that caches credentials for a while. After a refusal it loads everything again, because a token or
 * certificate inside the kubeconfig, and one that a plugin returned, would otherwise be kept for ever.
 *
 * @param load loads the configuration: the first time, and again after a refusal
 */
export function createCredentialSource(load: () => ReadCredentials): CredentialSource {
  let read = load();
  let loadedAt = Date.now();
  let isRefused = false;
  let cached: { readonly credentials: Promise<Credentials>; readonly readAt: number } | undefined;

  return {
    current: () => {
      // Bounded, because a load may run a plugin, and a revoked user stays refused.
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
