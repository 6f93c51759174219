import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';

import type { ClusterAccess } from './cluster-access.ts';
import type { CredentialPlugin } from './credential-plugin.ts';
import { credentialPlugin } from './credential-plugin.ts';
import type { Material } from './kubeconfig-file.ts';

/** The credentials of one request to the API server. */
export interface Credentials {
  /** Authorization and impersonation. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly route: Route;
}

/** The settings of a connection, which may be reused as long as they stay the same. */
export interface Route {
  readonly tls: Readonly<
    Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'rejectUnauthorized' | 'servername'>
  >;
  /** http, https or socks5. */
  readonly proxyUrl: string | undefined;
}

/**
 * Reads the current credentials: files each time, and a plugin's once they have expired.
 *
 * @throws Error that names the file or plugin that cannot be used.
 */
export type ReadCredentials = () => Promise<Credentials>;

export function credentialReader(access: ClusterAccess): ReadCredentials {
  const { exec } = access.user;
  const plugin = exec && credentialPlugin(exec);
  return () => readCredentials(access, plugin);
}

async function readCredentials(
  access: ClusterAccess,
  plugin: CredentialPlugin | undefined,
): Promise<Credentials> {
  const { cluster, user } = access;
  const [ca, ownCertificate, ownKey, token, fromPlugin] = await Promise.all([
    readMaterial(cluster.certificateAuthority),
    readMaterial(user.certificate),
    readMaterial(user.key),
    tokenOf(access),
    plugin?.(),
  ]);
  const cert = fromPlugin?.certificate ?? ownCertificate;
  const key = fromPlugin?.key ?? ownKey;
  const bearer = fromPlugin?.token ?? token;
  const authorization = (bearer && `Bearer ${bearer.trim()}`) ?? basicAuthorization(access);
  return {
    headers: {
      ...(authorization !== undefined && { authorization }),
      ...impersonation(access),
    },
    route: {
      proxyUrl: cluster.proxyUrl,
      // Absent, not undefined: Node would take an explicit undefined in place of its own default.
      tls: {
        ...(ca !== undefined && { ca }),
        ...(cert !== undefined && { cert }),
        ...(key !== undefined && { key }),
        ...(cluster.skipTlsVerify && { rejectUnauthorized: false }),
        ...(cluster.tlsServerName !== undefined && { servername: cluster.tlsServerName }),
      },
    },
  };
}

function impersonation({ user: { impersonate } }: ClusterAccess): Credentials['headers'] {
  if (impersonate === undefined) return {};
  const { user, groups, uid, extra } = impersonate;
  // A key is part of the header's name, which admits only some characters.
  const extras = Object.entries(extra).map(
    ([key, values]) => [`impersonate-extra-${encodeURIComponent(key)}`, values] as const,
  );
  return {
    'impersonate-user': user,
    ...(groups.length > 0 && { 'impersonate-group': groups }),
    ...(uid !== undefined && { 'impersonate-uid': uid }),
    ...Object.fromEntries(extras),
  };
}

/** Takes an identity provider's token as it is: kubectl renews it, and keeps its refresh token. */
async function tokenOf({ user }: ClusterAccess): Promise<string | undefined> {
  const { authProvider, tokenFile, token } = user;
  if (authProvider !== undefined && authProvider.name !== 'oidc') {
    throw new Error(
      `the auth-provider ${authProvider.name} of the kubeconfig has not been known to kubectl since 1.26: use its credential plugin (exec)`,
    );
  }
  return authProvider?.idToken ?? (tokenFile === undefined ? token : readFile(tokenFile, 'utf8'));
}

function basicAuthorization({ user: { basic } }: ClusterAccess): string | undefined {
  if (basic === undefined) return undefined;
  const { username, password } = basic;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

async function readMaterial(material: Material | undefined): Promise<Buffer | undefined> {
  if (material === undefined) return undefined;
  return material.kind === 'data'
    ? Buffer.from(material.base64, 'base64')
    : readFile(material.path);
}
