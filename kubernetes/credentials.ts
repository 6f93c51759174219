import type { RequestOptions } from 'node:https';
import type { ConnectionOptions } from 'node:tls';

import type { KubeConfig } from '@kubernetes/client-node';

/** What one request needs to reach the API server as us. */
export interface Credentials {
  /** Authorization and impersonation. */
  readonly headers: Readonly<Record<string, string>>;
  readonly route: Route;
}

/** What a connection is made with. A connection may be reused for as long as this stays the same. */
export interface Route {
  readonly tls: Readonly<
    Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'>
  >;
  /** `proxy-url` of the kubeconfig: http, https or socks5. */
  readonly proxyUrl: string | undefined;
}

export interface CredentialSource {
  current(): Promise<Credentials>;
  /** The server refused the credentials (401): the next `current` loads the configuration anew. */
  refused(): void;
}

/**
 * Files are read again this often. A mounted token is replaced at 80 % of its life (an hour by
 * default), so that the old one is good for minutes more; reading on every request would cost three
 * file reads each.
 */
const REREAD_AFTER_MS = 10_000;

/**
 * Credentials of a kubeconfig. On a refusal the whole configuration is loaded again, because a token
 * or certificate inside the kubeconfig, and one that an exec plugin handed out, are cached for good
 * otherwise.
 *
 * @param reload must answer with the same cluster: only the credentials may change.
 */
export function credentialSource(
  initial: KubeConfig,
  reload: () => KubeConfig,
  rereadAfterMs: number = REREAD_AFTER_MS,
): CredentialSource {
  let config = initial;
  let loadedAt = Date.now();
  let isRefused = false;
  let cached: { readonly credentials: Promise<Credentials>; readonly readAt: number } | undefined;

  const reloadIfRefused = (): void => {
    // A bounded rate: each reload may run an exec plugin, and a revoked user stays refused.
    if (!isRefused || Date.now() - loadedAt < rereadAfterMs) return;
    config = reload();
    loadedAt = Date.now();
    isRefused = false;
    cached = undefined;
  };

  return {
    current: () => {
      reloadIfRefused();
      if (cached === undefined || Date.now() - cached.readAt >= rereadAfterMs) {
        const credentials = readCredentials(config);
        const entry = { credentials, readAt: Date.now() };
        cached = entry;
        credentials.catch(() => {
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

async function readCredentials(config: KubeConfig): Promise<Credentials> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name] = String(value);
  if (typeof options.auth === 'string') {
    headers['Authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  }
  const { ca, cert, key, rejectUnauthorized, servername } = options;
  return {
    headers,
    route: {
      proxyUrl: config.getCurrentCluster()?.proxyUrl,
      // Absent, not undefined: Node would take an explicit undefined in place of its own default.
      tls: {
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
        ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
        ...(servername !== undefined && { servername }),
      },
    },
  };
}
