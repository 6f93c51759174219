import { existsSync, readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';

import type { ClusterAccess } from './cluster-access.ts';

/** The folder where the kubelet mounts the service account of a pod. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** True when this process runs in a pod that may talk to its cluster. */
export function isInCluster(environment: NodeJS.ProcessEnv): boolean {
  return (
    environment['KUBERNETES_SERVICE_HOST'] !== undefined && existsSync(`${SERVICE_ACCOUNT}/token`)
  );
}

/** Returns access to the cluster of the pod, as the service account of the pod. */
export function inCluster(environment: NodeJS.ProcessEnv): ClusterAccess {
  const host = environment['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443';
  return {
    context: 'in-cluster',
    namespace: ownNamespace(),
    cluster: {
      server: `https://${isIPv6(host) ? `[${host}]` : host}:${port}`,
      certificateAuthority: { kind: 'file', path: `${SERVICE_ACCOUNT}/ca.crt` },
      skipTlsVerify: false,
      tlsServerName: undefined,
      proxyUrl: undefined,
    },
    user: {
      token: undefined,
      tokenFile: `${SERVICE_ACCOUNT}/token`,
      certificate: undefined,
      key: undefined,
      basic: undefined,
      impersonate: undefined,
      exec: undefined,
      authProvider: undefined,
    },
  };
}

function ownNamespace(): string | undefined {
  const file = `${SERVICE_ACCOUNT}/namespace`;
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
