import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { z } from 'zod';

import { parseEnvironment } from './environment.ts';

/** Descriptions go into docs/configuration.md, which is generated from them. */
export const temporalVariables = z.object({
  SEINODE_TEMPORAL_CREDENTIALS: z
    .string()
    .optional()
    .describe(
      "Directory with those of the files `api-key`, `tls.crt`, `tls.key` and `server-ca.crt` that your Temporal needs; each stands in for Temporal's own variable if that is not set. Worker and watcher switch to the new content when a file changes.",
    ),
});

const pathOf = (file: string): string => file;
const contentOf = (file: string): string => readFileSync(file, 'utf8').trim();

/** The files by the names that a Secret of type kubernetes.io/tls has for a pair of certificate and key. */
const CREDENTIAL_FILES = {
  'api-key': { variable: 'TEMPORAL_API_KEY', valueOf: contentOf },
  'tls.crt': { variable: 'TEMPORAL_TLS_CLIENT_CERT_PATH', valueOf: pathOf },
  'tls.key': { variable: 'TEMPORAL_TLS_CLIENT_KEY_PATH', valueOf: pathOf },
  // Not ca.crt: cert-manager writes the signer of tls.crt there, which need not be the server's authority.
  'server-ca.crt': { variable: 'TEMPORAL_TLS_SERVER_CA_CERT_PATH', valueOf: pathOf },
} as const;

/**
 * Returns the environment with the content of the directory's files, under the names of Temporal's own
 * variables. A variable that is already set wins.
 *
 * @throws of the file system, if a file cannot be read
 */
export function withCredentialFiles(env: Record<string, string>): Record<string, string> {
  const { SEINODE_TEMPORAL_CREDENTIALS: directory } = parseEnvironment(temporalVariables, env);
  if (directory === undefined) return env;
  const held = Object.entries(CREDENTIAL_FILES).flatMap(([name, { variable, valueOf }]) => {
    const file = path.join(directory, name);
    return existsSync(file) ? [[variable, valueOf(file)] as const] : [];
  });
  return { ...Object.fromEntries(held), ...env };
}
