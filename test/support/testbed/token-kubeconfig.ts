import { writeFile } from 'node:fs/promises';

import { stringify } from 'yaml';

import type { Admin } from '../servers/api-proxy.ts';

/** A kubeconfig for whoever has the token, at the server or a proxy before it. @param file a path, which is written */
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
