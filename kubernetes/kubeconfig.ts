import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

import { KubeConfig } from '@kubernetes/client-node';

export interface KubeconfigSource {
  /** A kubeconfig file. Default: `KUBECONFIG`, then the pod's service account, then `~/.kube/config`. */
  readonly path?: string | undefined;
  /** Default: the file's current context. */
  readonly context?: string | undefined;
  readonly environment?: NodeJS.ProcessEnv;
  readonly home?: string;
}

const SERVICE_ACCOUNT_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * Loads the configuration of one cluster, in the order that controllers use: an explicit path,
 * `KUBECONFIG`, in-cluster, `~/.kube/config`.
 *
 * @throws one Error that says what was looked for and what to set.
 */
export function loadKubeconfig(source: KubeconfigSource): KubeConfig {
  const environment = source.environment ?? process.env;
  const home = source.home ?? homedir();
  const config = new KubeConfig();
  const origin = loadInto(config, source.path, environment, home);
  selectContext(config, source.context, origin);
  allowPlainHttp(config);
  return config;
}

/** Returns where the configuration came from, for messages. */
function loadInto(
  config: KubeConfig,
  path: string | undefined,
  environment: NodeJS.ProcessEnv,
  home: string,
): string {
  if (path !== undefined) {
    if (!existsSync(path)) throw new Error(`Kubeconfig ${path} does not exist`);
    config.loadFromFile(path);
    return path;
  }
  const listed = environment['KUBECONFIG'] ?? '';
  if (listed !== '') {
    // Like kubectl: the files are merged, and one that is missing is passed over.
    const files = listed.split(delimiter).filter((file) => file !== '' && existsSync(file));
    if (files.length === 0) throw new Error(`KUBECONFIG is ${listed}, and no such file exists`);
    for (const file of files) {
      const part = new KubeConfig();
      part.loadFromFile(file);
      config.mergeConfig(part, config.currentContext !== undefined);
    }
    return files.join(delimiter);
  }
  if (environment['KUBERNETES_SERVICE_HOST'] !== undefined && existsSync(SERVICE_ACCOUNT_TOKEN)) {
    config.loadFromCluster();
    return SERVICE_ACCOUNT_TOKEN;
  }
  const fallback = join(home, '.kube', 'config');
  if (!existsSync(fallback)) {
    throw new Error(
      `No Kubernetes configuration found: KUBECONFIG is not set, this is not a pod with a service ` +
        `account, and ${fallback} does not exist. Set KUBECONFIG to a kubeconfig file.`,
    );
  }
  config.loadFromFile(fallback);
  return fallback;
}

function selectContext(config: KubeConfig, context: string | undefined, origin: string): void {
  const known = config.getContexts().map(({ name }) => name);
  const wanted = context ?? config.getCurrentContext();
  if (wanted === undefined || wanted === '') {
    throw new Error(`${origin} has no current context; name one of: ${known.join(', ')}`);
  }
  if (!known.includes(wanted)) {
    throw new Error(`${origin} has no context "${wanted}"; it has: ${known.join(', ')}`);
  }
  config.setCurrentContext(wanted);
  if (config.getCurrentCluster() === null) {
    throw new Error(`Context "${wanted}" of ${origin} names a cluster that is not in it`);
  }
  if (config.getCurrentUser() === null) {
    throw new Error(`Context "${wanted}" of ${origin} names a user that is not in it`);
  }
}

/** The library refuses http:// servers, which `kubectl proxy` and test clusters have, without this. */
function allowPlainHttp(config: KubeConfig): void {
  config.clusters = config.clusters.map((cluster) =>
    cluster.server.startsWith('http:') ? { ...cluster, skipTLSVerify: true } : cluster,
  );
}
