import { writeFile } from 'node:fs/promises';

import { stringify } from 'yaml';

import type { Admin } from '../servers/api-proxy.ts';

/** Writes a kubeconfig for the holder of a token, at the server or a proxy before it. @param file its path */
export async function writeTokenKubeconfig(
  file: string,
  { server, caFile }: Pick<Admin, 'server' | 'caFile'>,
  user: { readonly token: string } | { readonly tokenFile: string },
): Promise<void> {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'account',
    contexts: [{ name: 'account', context: { cluster: 'devcluster', user: 'account' } }],
    clusters: [{ name: 'devcluster', cluster: { server, 'certificate-authority': caFile } }],
    users: [{ name: 'account', user }],
  };
  await writeFile(file, stringify(config), { mode: 0o600 });
}
