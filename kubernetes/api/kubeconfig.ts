import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

import { shownPath } from '../../domain/text/shown-value.ts';
import type { ClusterAccess } from './cluster-access.ts';
import { inCluster, isInCluster } from './in-cluster.ts';
import type { Kubeconfig } from './kubeconfig-file.ts';
import { readKubeconfigFile } from './kubeconfig-file.ts';

export interface KubeconfigSource {
  /** A kubeconfig file. Default: `KUBECONFIG`, then the pod's service account, then `~/.kube/config`. */
  readonly path?: string | undefined;
  /** Default: the current context. */
  readonly context?: string | undefined;
  readonly environment?: NodeJS.ProcessEnv;
  readonly home?: string;
}

/**
 * Reads the access to one cluster, in the order that controllers use: an explicit path, `KUBECONFIG`, in-cluster,
 * `~/.kube/config`.
 *
 * @throws one Error that says what was looked for and what to set
 */
export function loadKubeconfig(source: KubeconfigSource): ClusterAccess {
  const environment = source.environment ?? process.env;
  const files = filesOf(source, environment);
  if (files.length > 0) {
    return select(merge(files.map(readKubeconfigFile)), source.context, files.join(delimiter));
  }
  if (isInCluster(environment)) return inCluster(environment);
  const home = join(source.home ?? homedir(), '.kube', 'config');
  if (existsSync(home)) return select(readKubeconfigFile(home), source.context, home);
  throw new Error(
    `No Kubernetes configuration found: KUBECONFIG is not set, this is not a pod with a service ` +
      `account, and ${home} does not exist. Set KUBECONFIG to a kubeconfig file.`,
  );
}

/** Returns the files that were asked for; they have to exist. */
function filesOf({ path }: KubeconfigSource, environment: NodeJS.ProcessEnv): readonly string[] {
  if (path !== undefined) {
    if (!existsSync(path))
      throw new Error(`Kubeconfig ${shownPath(path)} does not exist; name one that does`);
    return [path];
  }
  const listed = environment['KUBECONFIG'] ?? '';
  // Like kubectl, skips a missing file among several.
  const files = listed.split(delimiter).filter((file) => file !== '' && existsSync(file));
  if (listed !== '' && files.length === 0) {
    throw new Error(
      `KUBECONFIG is ${shownPath(listed)}, and no such file exists; set it to a kubeconfig file`,
    );
  }
  return files;
}

/** Merges like kubectl: an entry of an earlier file wins. */
function merge(files: readonly Kubeconfig[]): Kubeconfig {
  const reversed = files.toReversed();
  return {
    currentContext: files.find(({ currentContext }) => currentContext)?.currentContext,
    contexts: new Map(reversed.flatMap(({ contexts }) => [...contexts])),
    clusters: new Map(reversed.flatMap(({ clusters }) => [...clusters])),
    users: new Map(reversed.flatMap(({ users }) => [...users])),
  };
}

function select(config: Kubeconfig, wanted: string | undefined, origin: string): ClusterAccess {
  const known = [...config.contexts.keys()].join(', ');
  const name = wanted ?? config.currentContext;
  if (name === undefined) {
    throw new Error(`${origin} has no current context; name one of: ${known}`);
  }
  const context = config.contexts.get(name);
  if (context === undefined) {
    throw new Error(`${origin} has no context "${name}"; it has: ${known}`);
  }
  const cluster = config.clusters.get(context.cluster);
  const user = config.users.get(context.user);
  if (cluster === undefined || user === undefined) {
    const missing =
      cluster === undefined ? `cluster "${context.cluster}"` : `user "${context.user}"`;
    throw new Error(`Context "${name}" of ${origin} names the ${missing}, which is not in it`);
  }
  return { context: name, namespace: context.namespace, cluster, user };
}
