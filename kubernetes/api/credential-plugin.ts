import type { ExecFileException } from 'node:child_process';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { z } from 'zod';

import type { ExecEntry } from './kubeconfig-file.ts';

/** The credentials that a plugin hands out. */
interface PluginCredentials {
  readonly token: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

export type CredentialPlugin = () => Promise<PluginCredentials>;

/** The cloud providers' programs take a few seconds; one that waits for a person waits for ever. */
const PLUGIN_TIMEOUT_MS = 30_000;

/** In bytes: the debug log of a cloud provider's program runs to megabytes. */
const LARGEST_OUTPUT = 16 * 1024 * 1024;

/** The information that plugins expect in their environment (client.authentication.k8s.io). */
const EXEC_INFO = JSON.stringify({
  apiVersion: 'client.authentication.k8s.io/v1',
  kind: 'ExecCredential',
  spec: { interactive: false },
});

/** A text that a plugin may leave out, null, or empty, as Go reads all three alike. */
const text = z
  .string()
  .nullish()
  .transform((value) => value || undefined);

const execCredential = z.object({
  status: z.object({
    token: text,
    clientCertificateData: text,
    clientKeyData: text,
    expirationTimestamp: text,
  }),
});

const run = promisify(execFile);

/** Runs the `exec` of a kubeconfig, again once its credentials expire; keeps those without an expiry. */
export function credentialPlugin(exec: ExecEntry): CredentialPlugin {
  let known: z.infer<typeof execCredential>['status'] | undefined;
  return async () => {
    const { expirationTimestamp } = known ?? {};
    const isExpired =
      expirationTimestamp !== undefined && !(Date.parse(expirationTimestamp) > Date.now());
    if (known === undefined || isExpired) known = readCredential(await outputOf(exec));
    const { token, clientCertificateData: certificate, clientKeyData: key } = known;
    return { token, certificate, key };
  };
}

async function outputOf({ command, args, env }: ExecEntry): Promise<string> {
  const options = {
    env: { ...process.env, ...env, KUBERNETES_EXEC_INFO: EXEC_INFO },
    timeout: PLUGIN_TIMEOUT_MS,
    killSignal: 'SIGKILL' as const,
    maxBuffer: LARGEST_OUTPUT,
  };
  try {
    return (await run(command, args, options)).stdout;
  } catch (err) {
    throw failed(complaintOf(err as ExecFileException));
  }
}

/** Leaves the error's own message out: it shows all arguments of the program, and one may be a secret. */
function complaintOf({ killed, code, signal, message, stderr = '' }: ExecFileException): string {
  if (killed === true) return `no answer within ${PLUGIN_TIMEOUT_MS} ms`;
  if (typeof code === 'string') return message;
  return stderr.trim() || `it ended with ${signal ?? code} and said nothing`;
}

/** Shows no output of the program in an error: it may be half of a token. */
function readCredential(printed: string): z.infer<typeof execCredential>['status'] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(printed);
  } catch {
    throw failed('what it printed is not JSON');
  }
  const read = execCredential.safeParse(parsed);
  if (!read.success) throw failed('what it printed is not an ExecCredential with a status');
  return read.data.status;
}

function failed(why: string): Error {
  return new Error(`the credential plugin of the kubeconfig failed: ${why}`);
}
