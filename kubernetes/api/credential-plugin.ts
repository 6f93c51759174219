import type { RequestOptions } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

import type { KubeConfig } from '@kubernetes/client-node';

import type { ClusterAccess } from './cluster-access.ts';

/** What a credential plugin or an identity provider hands out. */
interface PluginCredentials {
  /** A whole Authorization header. */
  readonly authorization: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

export type CredentialPlugin = () => Promise<PluginCredentials>;

/** The cloud providers' programs take a few seconds; one that waits for a person waits for ever. */
const PLUGIN_TIMEOUT_MS = 30_000;

/** What plugins expect to be told (client.authentication.k8s.io). */
const EXEC_INFO = JSON.stringify({
  apiVersion: 'client.authentication.k8s.io/v1',
  kind: 'ExecCredential',
  spec: { interactive: false },
});

/**
 * The `exec` or `auth-provider` of a kubeconfig, through the client library, which caches what it gets
 * until that expires. Undefined when the user has neither.
 */
export function credentialPlugin(access: ClusterAccess): CredentialPlugin | undefined {
  const { exec, authProvider } = access.user;
  if (exec === undefined && authProvider === undefined) return undefined;
  let loading: Promise<KubeConfig> | undefined;
  return async () => {
    loading ??= libraryConfig(access);
    const options: RequestOptions = {};
    await withinTime((await loading).applyToHTTPSOptions(options));
    const headers = new Map(Object.entries(options.headers ?? {}));
    return {
      authorization: stringOf(headers.get('Authorization')),
      certificate: stringOf(options.cert),
      key: stringOf(options.key),
    };
  };
}

/** Loads the library only when it is needed: it takes 50 MB and half a second. */
async function libraryConfig({ cluster, user }: ClusterAccess): Promise<KubeConfig> {
  const library = await import('@kubernetes/client-node');
  const config = new library.KubeConfig();
  config.loadFromClusterAndUser(
    { name: 'cluster', server: cluster.server, skipTLSVerify: true },
    {
      name: 'user',
      ...(user.exec !== undefined && { exec: withExecInfo(user.exec) }),
      ...(user.authProvider !== undefined && { authProvider: user.authProvider }),
    },
  );
  return config;
}

function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function withExecInfo(exec: object): object {
  const given: unknown = 'env' in exec ? exec.env : undefined;
  const env: unknown[] = Array.isArray(given) ? given : [];
  return { ...exec, env: [...env, { name: 'KUBERNETES_EXEC_INFO', value: EXEC_INFO }] };
}

async function withinTime(asking: Promise<void>): Promise<void> {
  const stop = new AbortController();
  const tooLate = sleep(PLUGIN_TIMEOUT_MS, undefined, { ref: false, signal: stop.signal }).then(
    () => {
      throw new Error(`no answer within ${PLUGIN_TIMEOUT_MS} ms`);
    },
  );
  tooLate.catch(() => undefined);
  try {
    await Promise.race([asking, tooLate]);
  } catch (err) {
    // Its message, and so its stack, shows what the program printed: that may be half of a token.
    if (err instanceof SyntaxError) {
      throw new Error('the credential plugin of the kubeconfig failed: what it printed is no JSON');
    }
    const reason = err instanceof Error ? err.message.trim() : String(err);
    throw new Error(`the credential plugin of the kubeconfig failed: ${reason}`, { cause: err });
  } finally {
    stop.abort();
  }
}
